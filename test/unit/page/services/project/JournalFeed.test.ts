import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#common/contract/errors';
import type { JournalRecord } from '#common/project/documentHistory';
import type { FeedState } from '$services/project/JournalFeed';
import { JournalFeed } from '$services/project/JournalFeed';

function recordOf(label: string): JournalRecord {
  return { kind: 'edit', entry: { label, changes: [], time: 0 }, mergesPrevious: false };
}

/** A host's journal that refuses what does not follow its last record, and fails when told to. */
class FakeJournal {
  readonly labels: string[] = [];
  /** What the next calls do: `lost` fails before the write, `unheard` after it. */
  readonly faults: ('ok' | 'lost' | 'unheard')[] = [];
  readonly append = async (sequence: number, record: JournalRecord): Promise<void> => {
    await Promise.resolve();
    const fault = this.faults.shift() ?? 'ok';
    if (fault === 'lost') throw new AppError('connection.lost', 'gone');
    if (sequence !== this.labels.length + 1) throw new AppError('project.outOfSequence', `got ${sequence}`);
    this.labels.push(record.kind === 'edit' ? record.entry.label : record.kind);
    if (fault === 'unheard') throw new AppError('connection.lost', 'gone after the write');
  };
  readonly recover = async (): Promise<number> => {
    await Promise.resolve();
    if (this.faults[0] === 'lost') {
      this.faults.shift();
      throw new AppError('connection.lost', 'still gone');
    }
    return this.labels.length;
  };
}

/** A timer that runs when the test says so. */
function fakeTimer(): { schedule: (callback: () => void) => () => void; run: () => boolean } {
  let waiting: (() => void) | undefined;
  return {
    schedule(callback) {
      waiting = callback;
      return () => (waiting = undefined);
    },
    run() {
      const callback = waiting;
      waiting = undefined;
      callback?.();
      return callback !== undefined;
    },
  };
}

/** Lets every promise that can settle do so. */
async function flush(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}

function aFeed(journal: FakeJournal, timer = fakeTimer()) {
  const states: FeedState[] = [];
  const problems: unknown[] = [];
  const feed = new JournalFeed({
    sequence: 0,
    append: journal.append,
    recover: journal.recover,
    schedule: timer.schedule,
    onStateChange: (state) => states.push(state),
    onProblem: (error) => problems.push(error),
  });
  return { feed, timer, states, problems };
}

describe('JournalFeed', () => {
  it('writes records one after another and says when they are safe', async () => {
    const journal = new FakeJournal();
    const { feed, states } = aFeed(journal);
    for (const label of ['a', 'b', 'c']) feed.push(recordOf(label));
    expect(feed.state).toBe('saving');
    await feed.settled();
    expect(journal.labels).toEqual(['a', 'b', 'c']);
    expect(states.at(-1)).toBe('saved');
  });

  it('sends what was not heard of again without doubling what arrived', async () => {
    const journal = new FakeJournal();
    journal.faults.push('ok', 'unheard');
    const { feed, timer, problems } = aFeed(journal);
    for (const label of ['a', 'b', 'c']) feed.push(recordOf(label));
    await flush();
    expect(feed.state).toBe('offline');
    timer.run();
    await feed.settled();
    expect(journal.labels).toEqual(['a', 'b', 'c']);
    expect(problems).toEqual([]);
  });

  it('keeps edits made while the host is away, in order', async () => {
    const journal = new FakeJournal();
    journal.faults.push('lost', 'lost');
    const { feed, timer } = aFeed(journal);
    feed.push(recordOf('a'));
    await flush();
    feed.push(recordOf('b'));
    timer.run();
    await flush();
    expect(feed.state).toBe('offline');
    feed.push(recordOf('c'));
    feed.retryNow();
    await flush();
    expect(journal.labels).toEqual(['a', 'b', 'c']);
    expect(feed.state).toBe('saved');
  });

  it('fails a waiting save with the reason, and still delivers afterwards', async () => {
    const journal = new FakeJournal();
    journal.faults.push('lost');
    const { feed, timer } = aFeed(journal);
    feed.push(recordOf('a'));
    await expect(feed.settled()).rejects.toMatchObject({ code: 'connection.lost' });
    timer.run();
    await flush();
    expect(journal.labels).toEqual(['a']);
  });

  it('tells a full disk once per outage and a lost connection never', async () => {
    const journal = new FakeJournal();
    let isFull = true;
    const timer = fakeTimer();
    const problems: unknown[] = [];
    const feed = new JournalFeed({
      sequence: 0,
      append: async (sequence, record) => {
        if (isFull) throw new AppError('disk.full', 'No room.');
        await journal.append(sequence, record);
      },
      recover: journal.recover,
      schedule: timer.schedule,
      onProblem: (error) => problems.push(error),
    });
    feed.push(recordOf('a'));
    await flush();
    timer.run();
    await flush();
    expect(problems).toHaveLength(1);
    isFull = false;
    timer.run();
    await flush();
    expect(journal.labels).toEqual(['a']);
  });

  it('refuses to go on beside another window instead of overwriting its edits', async () => {
    const journal = new FakeJournal();
    const { feed, timer, problems } = aFeed(journal);
    journal.labels.push('other', 'other', 'other');
    feed.push(recordOf('a'));
    await flush();
    timer.run();
    await flush();
    expect(journal.labels).toEqual(['other', 'other', 'other']);
    expect(problems[0]).toMatchObject({ code: 'project.outOfSequence' });
  });

  it('loses, doubles and reorders nothing whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('ok' as const, 'lost' as const, 'unheard' as const), { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
        async (faults, gaps) => {
          const journal = new FakeJournal();
          journal.faults.push(...faults);
          const { feed, timer } = aFeed(journal);
          const labels = gaps.map((_, index) => String(index));
          for (const [index, gap] of gaps.entries()) {
            feed.push(recordOf(labels[index]));
            for (let turn = 0; turn < gap; turn++) {
              await flush();
              timer.run();
            }
          }
          for (let turn = 0; turn < 30 && feed.state !== 'saved'; turn++) {
            timer.run();
            await flush();
          }
          expect(journal.labels).toEqual(labels);
        },
      ),
      { numRuns: 60 },
    );
  });
});
