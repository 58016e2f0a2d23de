create or replace function trustcart_private.stable_fraction(p_key text)
returns double precision
language sql immutable parallel safe strict
security invoker
return ('x' || substr(md5(p_key), 1, 8))::bit(32)::bigint / 4294967296.0::double precision;

comment on function trustcart_private.stable_fraction(text) is
'A number in [0, 1) that belongs to the key for good, evenly spread: holdouts and variants are drawn by it, so that
drawing again, anywhere, gives the same.';
