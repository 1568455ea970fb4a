import { callerPort } from '#engine/runtime/remote/callerPort';
import { serveBackend } from '#engine/runtime/remote/serveBackend';

serveBackend(callerPort());
