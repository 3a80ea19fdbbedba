// A scorecard being written: kept with every keystroke until it is saved as the card's next version.
import type {
  Answer,
  Band,
  Card,
  Host,
  Kind,
  Problem,
  Question,
  Scored,
  StartingCard,
  Value,
} from '../host/host';
import { failureOf } from '../host/host';
import { Drafts } from './drafts';
import { Files } from './files';

const DRAFT = 'review/card';

const fresh = () => crypto.randomUUID().slice(0, 13);

export function newQuestion(): Question {
  const kind: Kind = { kind: 'yesNo' };
  return {
    id: fresh(),
    text: '',
    help: '',
    kind,
    weight: 10,
    fatal: false,
    optional: true,
    comment: 'never',
  };
}

export function newCard(name: string, section: string, bands: Band[]): Card {
  return {
    id: fresh(),
    version: 0,
    name,
    sections: [{ id: fresh(), title: section, questions: [newQuestion()] }],
    bands,
  };
}

/** A card of one's own that begins as another one is: never saved, and every question as it was. */
export function copyOf(card: Card, name = card.name): Card {
  return { ...card, id: fresh(), version: 0, name };
}

/** A kind of the same name as chosen, with something sensible in it. */
export function kindOf(name: Kind['kind'], options: [string, string]): Kind {
  if (name === 'scale') return { kind: 'scale', low: 1, high: 5 };
  if (name === 'yesNo') return { kind: 'yesNo' };
  return {
    kind: 'choice',
    options: [
      { label: options[0], percent: 100 },
      { label: options[1], percent: 0 },
    ],
  };
}

/** One place up or down in a list, inside it. */
export function moved<T>(list: T[], from: number, by: number): T[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const copy = [...list];
  const [one] = copy.splice(from, 1);
  if (one !== undefined) copy.splice(to, 0, one);
  return copy;
}

export class CardsState {
  card = $state.raw<Card | null>(null);
  /** Tried out, never kept. */
  answers = $state.raw<Record<string, Answer>>({});
  scored = $state.raw<Scored | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Changed since it was last saved. */
  changed = $state(false);
  /** What was not saved yet when another card was taken up: it can be gone back to. */
  left = $state.raw<Card | null>(null);
  /** Cards to begin with. */
  starting = $state.raw<StartingCard[]>([]);
  #turn = 0;
  constructor(
    private readonly host: Host,
    private readonly files = new Files(host),
    private readonly drafts = new Drafts(host),
  ) {}

  /** What was being written when the window closed. */
  async start(): Promise<void> {
    const kept = await this.drafts.read(DRAFT);
    if (!kept || this.card) return;
    try {
      this.card = JSON.parse(kept) as Card;
      this.changed = true;
      await this.preview();
    } catch {
      this.drafts.keep(DRAFT, null);
    }
  }

  /** Asks for the cards to begin with, in a language. */
  async offer(language: string): Promise<void> {
    this.problem = await failureOf(async () => {
      this.starting = await this.host.ask('review_starting_cards', { language });
    });
  }

  edit(card: Card | null): void {
    this.left = this.changed ? this.card : null;
    this.#take(card);
  }

  /** Back to what was not saved yet. */
  goBack(): void {
    const { left } = this;
    if (!left) return;
    this.edit(left);
    this.change({});
  }

  #take(card: Card | null): void {
    this.card = card;
    this.answers = {};
    this.changed = false;
    this.problem = null;
    this.drafts.keep(DRAFT, null);
    void this.preview();
  }

  change(parts: Partial<Card>): void {
    if (!this.card) return;
    this.card = { ...this.card, ...parts };
    this.changed = true;
    this.drafts.keep(DRAFT, JSON.stringify(this.card));
    void this.preview();
  }

  section(index: number, parts: Partial<Card['sections'][number]>): void {
    const sections = this.card?.sections.map((one, at) => (at === index ? { ...one, ...parts } : one));
    if (sections) this.change({ sections });
  }

  question(section: number, index: number, parts: Partial<Question>): void {
    const questions = this.card?.sections[section]?.questions;
    if (questions)
      this.section(section, {
        questions: questions.map((one, at) => (at === index ? { ...one, ...parts } : one)),
      });
  }

  addSection(title: string): void {
    const sections = this.card?.sections ?? [];
    this.change({ sections: [...sections, { id: fresh(), title, questions: [newQuestion()] }] });
  }

  addQuestion(section: number): void {
    const questions = this.card?.sections[section]?.questions;
    if (questions) this.section(section, { questions: [...questions, newQuestion()] });
  }

  try(id: string, value: Value): void {
    this.answers = { ...this.answers, [id]: { value, comment: '' } };
    void this.preview();
  }

  /** What the answers tried would amount to. */
  async preview(): Promise<void> {
    const turn = ++this.#turn;
    const { card } = this;
    if (!card) {
      this.scored = null;
      return;
    }
    const scored = await this.host
      .ask('review_card_preview', { card, answers: this.answers })
      .catch(() => null);
    if (turn === this.#turn) this.scored = scored;
  }

  async #trying(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    this.problem = await failureOf(work);
    return this.problem === null;
  }

  /** As the card's next version; gives whether it worked. */
  async save(): Promise<boolean> {
    const { card } = this;
    if (!card) return false;
    return this.#trying(async () => {
      this.card = await this.host.ask('review_card_save', { card });
      this.changed = false;
      this.drafts.keep(DRAFT, null);
    });
  }

  /** Writes it to a file, to hand on. */
  async saveFile(title: string): Promise<void> {
    const { card } = this;
    if (!card) return;
    await this.#trying(async () => {
      const text = await this.host.ask('review_card_file', { id: card.id });
      const trail = { what: 'card', target: card.name };
      await this.files.saveJson({ title, name: `${card.name}.json`, text }, trail);
    });
  }

  /** Goes on with a card somebody handed on. */
  async take(title: string): Promise<void> {
    await this.#trying(async () => {
      const text = await this.files.openJson(title);
      if (text !== null) this.edit(await this.host.ask('review_card_import', { text }));
    });
  }

  /** It is not offered any more; one that was never saved is gone. */
  async retire(): Promise<void> {
    const { card } = this;
    if (!card) return;
    await this.#trying(async () => {
      if (card.version > 0) await this.host.ask('review_card_retire', { id: card.id, retired: true });
      this.#take(null);
    });
  }
}
