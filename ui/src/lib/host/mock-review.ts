// Calls to be judged in a contact centre that is not there: two cards, a worklist, reviews made. For looking at the room in
// a browser, and for its tests. The score is as simple as can be: what Rust computes is tested there.
import { NOTHING_ASKED } from '../sound-words';
import { fold } from '../format';
import { call } from '../testing';
import type { Answers, Args } from './answers';
import type {
  AgentReview,
  Answer,
  Card,
  Note,
  NoteFound,
  Problem,
  Question,
  Review,
  ReviewFilter,
  ReviewLine,
  Sample,
  SampleItem,
  Scored,
} from './host';

const AGENTS = ['Lucía Pereira', 'Martín Rocha', 'Sofía Acosta', 'João Meireles'];

const question = (id: string, text: string, parts: Partial<Question> = {}): Question => ({
  id,
  text,
  help: '',
  kind: { kind: 'yesNo' },
  weight: 10,
  fatal: false,
  optional: true,
  comment: 'never',
  ...parts,
});

const atencion: Card = {
  id: 'atencion',
  version: 2,
  name: 'Atención',
  sections: [
    {
      id: 'apertura',
      title: 'Apertura',
      questions: [
        question('saluda', 'Saluda y se presenta', { help: 'Nombre y empresa' }),
        question('identidad', 'Confirma la identidad', { fatal: true }),
      ],
    },
    {
      id: 'desarrollo',
      title: 'Desarrollo',
      questions: [
        question('escucha', 'Escucha sin interrumpir', {
          kind: { kind: 'scale', low: 1, high: 5 },
          comment: 'whenLess',
        }),
        question('resuelve', 'Resuelve lo pedido', {
          kind: {
            kind: 'choice',
            options: [
              { label: 'Por completo', percent: 100 },
              { label: 'En parte', percent: 50 },
              { label: 'No', percent: 0 },
            ],
          },
        }),
      ],
    },
  ],
  bands: [
    { from: 80, name: 'Bien', tone: 'ok' },
    { from: 0, name: 'A mejorar', tone: 'bad' },
  ],
};
const venta: Card = { ...atencion, id: 'venta', version: 1, name: 'Venta' };

function earned({ kind }: Question, { value }: Answer): number | null {
  if (!value || value.kind === 'notApplicable') return null;
  if (value.kind === 'scale')
    return kind.kind === 'scale' ? (100 * (value.value - kind.low)) / (kind.high - kind.low) : null;
  if (value.kind === 'choice')
    return kind.kind === 'choice' ? (kind.options[value.index]?.percent ?? null) : null;
  return value.kind === 'yes' ? 100 : 0;
}

function scored(card: Card, answers: Review['answers']): Scored {
  const questions = card.sections.flatMap((section) => section.questions);
  const none: Answer = { value: null, comment: '' };
  const items = questions.map((one) => ({
    id: one.id,
    percent: earned(one, answers[one.id] ?? none),
    share: 100 / questions.length,
  }));
  const counted = items.flatMap((item) => item.percent ?? []);
  const mean = counted.length ? counted.reduce((sum, one) => sum + one, 0) / counted.length : null;
  const missing = questions.filter((one) => !answers[one.id]?.value).map((one) => one.id);
  const fatal = questions.filter((one) => one.fatal && answers[one.id]?.value?.kind === 'no');
  const lacks = (one: Question) => {
    const answer = answers[one.id];
    const less = (items.find((item) => item.id === one.id)?.percent ?? 100) < 100;
    return one.comment === 'whenLess' && less && answer?.value && !answer.comment.trim();
  };
  return {
    percent: fatal.length ? 0 : mean,
    beforeFatal: fatal.length ? mean : null,
    fatal: fatal.map((one) => one.id),
    answered: questions.length - missing.length,
    questions: questions.length,
    missing,
    commentsMissing: questions.filter(lacks).map((one) => one.id),
    sections: card.sections.map((section) => ({ id: section.id, percent: null })),
    items,
    band: mean === null ? null : mean >= 80 ? 'Bien' : 'A mejorar',
    tone: mean === null ? null : mean >= 80 ? 'ok' : 'bad',
  };
}

/** As the program refuses: a code and its values. */
const refusal = (code: string, params: Problem['params'] = {}): Problem => ({
  code,
  params,
  retryable: false,
});

export class MockReview {
  readonly cards = [atencion, venta];
  #reviews: Review[] = [];
  #notes: NoteFound[] = [];
  #noteId = 0;
  #at: string | null = null;
  #items: SampleItem[] = Array.from({ length: 12 }, (_, n) => ({
    call: call({
      guid: `mock-${String(n).padStart(8, '0')}`,
      agent: AGENTS[n % AGENTS.length] ?? null,
      startedAt: `2026-03-${String(2 + n).padStart(2, '0')} 10:${10 + n}:00`,
      talkSecs: 90 + 37 * n,
    }),
    state: 'open',
    reason: '',
    percent: null,
  }));

  sample(): Sample {
    const of = (state: SampleItem['state']) => this.#items.filter((item) => item.state === state).length;
    return {
      id: 1,
      request: {
        name: 'Marzo',
        from: '2026-03-01 00:00:00',
        to: '2026-03-31 23:59:59',
        campaign: '',
        agents: [],
        perAgent: 3,
        each: {},
        direction: null,
        disposition: '',
        minSecs: 60,
        maxSecs: null,
        skipReviewed: true,
        card: 'atencion',
        seed: 4711,
        ...NOTHING_ASKED,
      },
      madeMs: 1,
      calls: this.#items.length,
      done: of('done'),
      skipped: of('skipped'),
      at: this.#at,
      handed: null,
    };
  }
  items = (): SampleItem[] => [...this.#items];
  skip({ guid, reason }: Args<'sample_skip'>): Sample {
    this.#item(guid, { state: reason === null ? 'open' : 'skipped', reason: reason ?? '' });
    return this.sample();
  }
  stand({ guid }: Args<'sample_at'>): null {
    this.#at = guid;
    return null;
  }
  #item(guid: string, parts: Partial<SampleItem>): void {
    this.#items = this.#items.map((item) => (item.call.guid === guid ? { ...item, ...parts } : item));
  }

  open({ call: of, card }: Args<'review_open'>): Review {
    const kept = this.#reviews.find((one) => one.call.guid === of.guid && one.card.id === card);
    if (kept) return kept;
    const chosen = this.cards.find((one) => one.id === card) ?? atencion;
    const review: Review = {
      id: this.#reviews.length + 1,
      call: of,
      card: chosen,
      newerCard: false,
      reviewer: 'Ana',
      calibration: null,
      answers: {},
      comment: '',
      scored: scored(chosen, {}),
      finishedMs: null,
      feedback: { given: null, acknowledged: null, disputed: null, settled: null },
    };
    this.#reviews.push(review);
    return review;
  }
  get({ id }: Args<'review_get'>): Review {
    const review = this.#reviews.find((one) => one.id === id);
    if (!review) throw refusal('notFound');
    return review;
  }
  change({ id, answers, comment }: Args<'review_change'>): Review {
    return this.#keep(id, (one) => ({ answers, comment, scored: scored(one.card, answers) }));
  }
  finish({ id }: Args<'review_finish'>): Review {
    const { scored: score, call: of } = this.get({ id });
    const open = score.missing.length + score.commentsMissing.length;
    if (open) throw refusal('reviewIncomplete', { count: String(open) });
    this.#item(of.guid, { state: 'done', percent: score.percent });
    return this.#keep(id, () => ({ finishedMs: 1 }));
  }
  reopen({ id }: Args<'review_reopen'>): Review {
    this.#item(this.get({ id }).call.guid, { state: 'open', percent: null });
    return this.#keep(id, () => ({ finishedMs: null }));
  }
  #keep(id: number, parts: (review: Review) => Partial<Review>): Review {
    this.#reviews = this.#reviews.map((one) => (one.id === id ? { ...one, ...parts(one) } : one));
    return this.get({ id });
  }
  lines({ guid = '', text = '', open = false, within }: Partial<ReviewFilter> = {}): ReviewLine[] {
    return this.#reviews
      .filter((one) => !guid || one.call.guid === guid)
      .filter((one) => !open || one.finishedMs === null)
      .filter((one) => !within?.agent || one.call.agent === within.agent)
      .filter((one) => fold(`${one.call.agent} ${one.call.campaign} ${one.card.name}`).includes(fold(text)))
      .map((one) => ({
        id: one.id,
        guid: one.call.guid,
        callAt: one.call.startedAt,
        agent: one.call.agent ?? '',
        campaign: one.call.campaign,
        reviewer: one.reviewer,
        card: one.card.name,
        percent: one.finishedMs === null ? null : one.scored.percent,
        fatal: one.scored.fatal.length > 0,
        tone: one.scored.tone,
        finishedMs: one.finishedMs,
        feedback: one.feedback,
        notedSecs: this.#notes.find(({ note }) => note.guid === one.call.guid)?.note.atSecs ?? null,
      }));
  }

  ofAgent({ agent, limit }: Args<'agent_reviews'>): AgentReview[] {
    return this.lines()
      .flatMap(({ agent: who, id, guid, card, percent: score, fatal, tone, finishedMs, callAt }) =>
        who === agent && finishedMs !== null
          ? [{ id, guid, card, score, fatal, tone, finishedAt: finishedMs, callAt }]
          : [],
      )
      .slice(0, limit);
  }

  notes = ({ guid }: Args<'notes_of'>): Note[] =>
    this.#notes.flatMap(({ note }) => (note.guid === guid ? [note] : []));
  note({ call: of, secs: atSecs, text, shared }: Args<'note_add'>): Note {
    const id = ++this.#noteId;
    const note = { id, guid: of.guid, atSecs, text, shared, reviewer: 'Ana', madeMs: id };
    this.#notes.push({ note, call: of });
    return note;
  }
  renote({ id, secs: atSecs, text, shared }: Args<'note_change'>): Note {
    const found = this.#notes.find(({ note }) => note.id === id);
    if (!found) throw refusal('notFound');
    found.note = { ...found.note, atSecs, text, shared };
    return found.note;
  }
  unnote({ note }: Args<'note_remove'>): null {
    this.#notes = this.#notes.filter((one) => one.note.id !== note.id);
    return null;
  }

  /** What the program would answer, by command; what is not here the mock refuses. */
  readonly answers = {
    review_cards: () => this.cards,
    review_cards_for: () => this.cards,
    review_starting_cards: () => [
      { about: 'Consultas y reclamos', card: { ...atencion, id: 'service', version: 0 } },
    ],
    review_card_preview: ({ card, answers }) => scored(card, answers),
    review_open: (args) => this.open(args),
    review_get: (args) => this.get(args),
    review_change: (args) => this.change(args),
    review_finish: (args) => this.finish(args),
    review_reopen: (args) => this.reopen(args),
    review_feedback: ({ id, step, day }) =>
      this.#keep(id, ({ feedback }) => ({ feedback: { ...feedback, [step]: day } })),
    review_list: ({ filter }) => this.lines(filter),
    agent_reviews: (args) => this.ofAgent(args),
    samples: () => [this.sample()],
    sample_items: this.items,
    sample_skip: (args) => this.skip(args),
    sample_at: (args) => this.stand(args),
    notes_of: this.notes,
    notes_find: ({ text }) => this.#notes.filter(({ note }) => fold(note.text).includes(fold(text))),
    note_add: (args) => this.note(args),
    note_change: (args) => this.renote(args),
    note_remove: (args) => this.unnote(args),
    calibrations: () => [],
    dispositions: () => [],
  } satisfies Partial<Answers>;
}
