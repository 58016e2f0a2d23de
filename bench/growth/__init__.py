"""How times grow with the shop: `python -m bench.growth`, see docs/scale.md."""
