/** Runs asynchronous tasks one after the other: the models share input buffers. A failed task stops no other. */
export class TaskQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined); // The caller gets the failure through `result`.
    return result;
  }
}
