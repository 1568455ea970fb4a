import type { OpenProject } from '#common/contract/api/projectsApi';
import { projectIdSchema } from '#common/contract/api/projectsApi';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import { DEFAULT_SETTINGS } from '#common/contract/api/settingsApi';
import { HEADLESS_CAPABILITIES } from '#common/contract/capabilities';
import { AppError } from '#common/contract/errors';
import type { HostEventName, HostEvents } from '#common/contract/events';
import type { HostApi, HostMethod } from '#common/contract/hostApi';
import { CONTRACT_VERSION, PARAMS_SCHEMAS } from '#common/contract/hostApi';
import type { JournalRecord } from '#common/project/documentHistory';
import { reduceRecord } from '#common/project/reduceRecord';
import { newDocument } from '#common/project/studioDocument';
import type { ConnectionState, WatchedTransport } from '$platform/watchedTransport';

type Answers = {
  [Method in HostMethod]?: (
    params: HostApi[Method]['params'],
  ) => HostApi[Method]['result'] | Promise<HostApi[Method]['result']>;
};

export const FAKE_AVATAR_ID = avatarIdSchema.parse('ada');

/**
 * A host in memory for tests of the page: it keeps one project's journal as the real one does, checks every call
 * with the contract's schemas, lets the test push events and cut the connection, and refuses what it was not
 * told to answer by name.
 */
export class FakeStudioHost implements WatchedTransport {
  readonly calls: { readonly method: HostMethod; readonly params: unknown }[] = [];
  readonly records: JournalRecord[] = [];
  /** What a test adds or replaces. */
  readonly answers: Answers = {};
  state: ConnectionState = 'open';
  #copies = 0;
  readonly #listeners = new Map<HostEventName, Set<(payload: never) => void>>();
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #own: Answers = {
    'host.handshake': () => ({
      contractVersion: CONTRACT_VERSION,
      appVersion: '0.0.0',
      capabilities: HEADLESS_CAPABILITIES,
    }),
    'settings.get': () => ({ settings: DEFAULT_SETTINGS }),
    'settings.update': ({ changes }) => ({ settings: { ...DEFAULT_SETTINGS, ...changes } }),
    'library.list': () => ({ avatars: [] }),
    'projects.list': () => ({ recent: [], unclosed: [] }),
    'motions.list': () => ({
      motions: [{ name: 'nod', title: 'Nod', durationSeconds: 2, loop: true }],
    }),
    'projects.create': () => {
      this.#copies++;
      this.records.length = 0;
      return this.project;
    },
    'projects.resume': () => this.project,
    'projects.append': ({ sequence, record }) => {
      if (sequence !== this.records.length + 1) {
        throw new AppError('project.outOfSequence', `Record ${sequence} after ${this.records.length}.`);
      }
      this.records.push(record);
      return { sequence };
    },
    'projects.save': ({ path }) => ({ path: path ?? '/saved/Ada.avatarartist', bytes: 1000 }),
    'projects.close': () => ({}),
  };

  /** The project as the journal gives it. */
  get project(): OpenProject {
    const start = { document: newDocument('Ada'), history: { undo: [], redo: [] } };
    const { document, history } = this.records.reduce(reduceRecord, start);
    return {
      projectId: projectIdSchema.parse(`project-${this.#copies}`),
      document,
      history,
      sequence: this.records.length,
      isModified: this.records.length > 0,
      avatarFile: '/data/ada.avatar',
      avatarUrl: '/avatars/ada/',
    };
  }

  async invoke<Method extends HostMethod>(
    method: Method,
    params: HostApi[Method]['params'],
  ): Promise<HostApi[Method]['result']> {
    await Promise.resolve();
    if (this.state !== 'open') throw new AppError('connection.lost', `No host for ${method}.`);
    PARAMS_SCHEMAS[method].parse(params);
    this.calls.push({ method, params });
    const answer = this.answers[method] ?? this.#own[method];
    if (answer === undefined)
      throw new Error(`The fake host has no answer for ${method}; add one to "answers".`);
    return await answer(params);
  }

  subscribe<Name extends HostEventName>(
    event: Name,
    listener: (payload: HostEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<Name extends HostEventName>(event: Name, payload: HostEvents[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload as never);
  }

  onStateChange(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Cuts the connection, or mends it. */
  setState(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  close(): void {
    this.setState('closed');
  }
}
