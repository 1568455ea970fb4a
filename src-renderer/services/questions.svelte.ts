/** One answer of a question; `kind` decides how its button looks. */
export interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly kind?: 'primary' | 'danger' | 'plain';
}

/** A question that stops the artist until it is answered; Escape and "Cancel" answer undefined. */
export interface Question<Id extends string = string> {
  readonly title: string;
  readonly text: string;
  /** Besides "Cancel", which is always there; the first is the default. */
  readonly choices: readonly Choice<Id>[];
}

interface OpenQuestion {
  readonly question: Question;
  readonly answer: (id: string | undefined) => void;
}

/** Asks questions one after another; the dialog shows `open`. */
export class QuestionService {
  #waiting = $state.raw<readonly OpenQuestion[]>([]);

  /** What the artist is being asked now. */
  get open(): Question | undefined {
    return this.#waiting[0]?.question;
  }

  ask<Id extends string>(question: Question<Id>): Promise<Id | undefined> {
    return new Promise((resolve) => {
      const answer = (id: string | undefined): void => resolve(id as Id | undefined);
      this.#waiting = [...this.#waiting, { question, answer }];
    });
  }

  answer(id: string | undefined): void {
    const [first, ...rest] = this.#waiting;
    this.#waiting = rest;
    first?.answer(id);
  }
}
