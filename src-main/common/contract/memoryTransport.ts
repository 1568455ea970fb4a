import { connectionLost } from '#common/contract/portTransport';
import type { HostDoor, Transport } from '#common/contract/transport';

/**
 * Calls a host in the same process. Params and results pass through JSON, as they would over a socket, so a
 * class instance or a function in a result fails here too and not first in the studio.
 */
export function createMemoryTransport(door: HostDoor): Transport {
  let isClosed = false;
  const removers = new Set<() => void>();
  return {
    async invoke(method, params) {
      if (isClosed) throw connectionLost(method);
      return toJson(await door.dispatch(method, toJson(params))) as never;
    },
    subscribe(event, listener) {
      const remove = door.subscribe(event, (payload) => listener(toJson(payload)));
      removers.add(remove);
      return () => {
        removers.delete(remove);
        remove();
      };
    },
    close() {
      isClosed = true;
      for (const remove of removers) remove();
      removers.clear();
    },
  };
}

function toJson<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}
