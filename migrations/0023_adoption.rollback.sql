drop table if exists trustcart_private.adopted_guest_orders;
drop table if exists trustcart_private.adopted_guests;
drop table if exists trustcart_private.adoption_quarantine;
drop table if exists trustcart_private.adoption_queue;
drop table if exists trustcart_private.adoption_sources;
drop table if exists trustcart_private.adoptions;
