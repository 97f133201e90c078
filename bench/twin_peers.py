"""Settings of the peers of `zhicheng bench twin`: the configuration and OpenAPI document that pygeoapi wants as files.

Run with the Python of the peers' own environment.

    .venv-peers-maps/bin/python bench/twin_peers.py FOLDER DATABASE_HOST DATABASE_PORT HTTP_PORT
"""

import subprocess
import sys
from pathlib import Path

_CONFIG = """
server:
  bind: {{host: 127.0.0.1, port: {http_port}}}
  url: http://127.0.0.1:{http_port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  gzip: false
  languages: [en-US]
  cors: true
  pretty_print: false
  limits: {{default_items: 10, max_items: 100}}
  map: {{url: "https://localhost/{{z}}/{{x}}/{{y}}.png", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    {{title: peer, description: peer, keywords: [peer], keywords_type: theme, terms_of_service: none, url: "http://localhost"}}
  license: {{name: none, url: "http://localhost"}}
  provider: {{name: peer, url: "http://localhost"}}
  contact: {{name: peer}}
resources:
  building:
    type: collection
    title: building
    description: building
    keywords: [building]
    links: []
    extents: {{spatial: {{bbox: [113.7, 22.3, 114.7, 22.9], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: "{host}", port: {port}, dbname: buildings, user: postgres, password: "", search_path: [public]}}
        id_field: building_key
        table: building
        geom_field: geometry
"""


def main() -> None:
    folder, host, port, http_port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    config = folder / "pygeoapi.yml"
    config.write_text(_CONFIG.format(host=host, port=port, http_port=http_port), encoding="utf-8")
    program = Path(sys.executable).parent / "pygeoapi"
    command = [program, "openapi", "generate", config, "--output-file", folder / "openapi.yml"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
