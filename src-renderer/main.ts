// Boot: pick the carrier, build the services, mount the studio.
