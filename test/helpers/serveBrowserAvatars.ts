import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Serves a folder of avatars taken apart at `/avatars/<name>/<entry>`, as the host does. */
export function serveBrowserAvatars(folder: string): Plugin {
  return {
    name: 'browser-test-avatars',
    configureServer({ middlewares }) {
      middlewares.use('/avatars/', (request, response, next) => {
        const [, name, entry] = /^\/(\w+)\/([\w.]+)$/.exec(request.url ?? '') ?? [];
        const path = join(folder, name ?? '', entry ?? '');
        if (name === undefined || !existsSync(path)) next();
        else response.end(readFileSync(path));
      });
    },
  };
}
