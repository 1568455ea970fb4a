import { serveModelTask } from '#engine/models/serveModelTask';
import { callerPort } from '#engine/runtime/remote/callerPort';

// A process of its own for each task: hostile files and native code can take nothing down but it, ending it cancels,
// and its peak memory is the task's.
serveModelTask(callerPort());
