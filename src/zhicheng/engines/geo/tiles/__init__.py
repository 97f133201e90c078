"""Vector tiles (Mapbox Vector Tile 2.1) in WebMercatorQuad, made from shapes in longitude and latitude."""
