import type { HostApi, HostMethod } from '#common/contract/hostApi';
import { HOST_METHODS } from '#common/contract/hostApi';
import type { Transport } from '#common/contract/transport';

type Namespace = HostMethod extends `${infer Name}.${string}` ? Name : never;

type MethodsOf<Name extends Namespace> = Extract<HostMethod, `${Name}.${string}`>;

type LastPart<Method extends string> = Method extends `${string}.${infer Last}` ? Last : never;

/** `client.avatars.make(params)` for every `namespace.method` of the contract. */
export type HostClient = {
  readonly [Name in Namespace]: {
    readonly [Method in MethodsOf<Name> as LastPart<Method>]: (
      params: HostApi[Method]['params'],
    ) => Promise<HostApi[Method]['result']>;
  };
} & Pick<Transport, 'subscribe' | 'close'>;

/** Builds the typed API over any carrier. */
export function createHostClient(transport: Transport): HostClient {
  const namespaces: Record<string, Record<string, unknown>> = {};
  for (const method of HOST_METHODS) {
    const [namespace, name] = method.split('.') as [string, string];
    const group = (namespaces[namespace] ??= {});
    group[name] = (params: never) => transport.invoke(method, params);
  }
  return {
    ...namespaces,
    subscribe: (event, listener) => transport.subscribe(event, listener),
    close: () => transport.close(),
  } as HostClient;
}
