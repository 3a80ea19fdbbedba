// Calls, recordings, the player and tags of a contact centre that is not there: for looking at the window in a browser.
// Nothing of it reaches a build. `?calls=N` says how many calls a search finds.
import { transport } from '../testing';
import type { Args } from './answers';
import type {
  AgentCalls,
  Attempt,
  Call,
  Detail,
  LocateUpdate,
  ListenRequest,
  Place,
  PlaceAnswer,
  PlayerUpdate,
  Query,
  SaveUpdate,
  Search,
  SearchUpdate,
  Tag,
  TagRequest,
  Transport,
} from './host';
import { mockReport } from './mock-sound';
import { MockList } from './mock-list';

const AGENTS = [
  ...[
    'Lucía Pereira',
    'Martín Rocha',
    'Sofía Acosta',
    'João Meireles',
    'Camila Núñez',
    'Bruno Silveira',
    'Ana Ferreiro',
  ],
  ...[
    'Diego Olivera',
    'Paula Techera',
    'Nicolás Viera',
    'Inés Cardozo',
    'Tomás Ibarra',
    'Elena Prates',
    'Hugo Lemos',
  ],
];
const CAMPAIGNS = ['Soporte<-', 'Ventas<-', 'Cobranzas<-', 'Soporte<-', 'Ventas->'];
const TAGS = ['factura', 'venta', 'reclamo', 'vip', 'baja', 'seguimiento'];
const PAGE = 500;

let seed = 11;
const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
const pick = <T>(list: T[]): T => list[random(list.length)] as T;
const two = (n: number) => String(n).padStart(2, '0');
const later = (ms: number, run: () => void) => setTimeout(run, ms);

function stamp(moment: Date): string {
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
}

function made(n: number, before: Date): Call {
  const start = new Date(before.getTime() - (n * 397 + random(200)) * 1000);
  const campaign = pick(CAMPAIGNS);
  const outbound = campaign.endsWith('->');
  const [first, second] = [pick(AGENTS), pick(AGENTS)];
  const answered = random(9) > 0;
  const rang = 4 + random(16);
  const talk = answered ? 20 + random(700) : null;
  const moved = answered && random(3) === 0;
  const person = n % 6 ? `09${random(9)}${100000 + random(899999)}` : `0990000${random(30)}`;
  const leg = (id: number, at: Date, agent: string, hit: boolean) => ({
    id,
    calldate: stamp(at),
    agent,
    disposition: hit ? 'ANSWERED' : 'NO ANSWER',
    durationSecs: hit ? rang + (talk ?? 0) : rang,
    talkSecs: hit ? talk : 0,
    cause: '16',
  });
  const next = new Date(start.getTime() + rang * 1000);
  return {
    guid: `mock-${String(n).padStart(8, '0')}`,
    startedAt: stamp(start),
    lengthSecs: (moved ? rang : 0) + rang + (talk ?? 0),
    talkSecs: talk,
    waitSecs: (moved ? rang : 0) + rang,
    outcome: answered ? 'ANSWERED' : 'NO ANSWER',
    cause: answered ? '16' : '19',
    campaign,
    direction: outbound ? 'outbound' : 'inbound',
    agent: answered ? (moved ? second : first) : null,
    answered,
    othersUnread: false,
    source: outbound ? '20000001' : person,
    destination: outbound ? person : '20000001',
    rating: random(4) ? null : 1 + random(5),
    days: [stamp(start).slice(0, 10).replaceAll('-', '')],
    legs: moved
      ? [leg(2 * n, start, first, false), leg(2 * n + 1, next, second, true)]
      : [leg(2 * n, start, first, answered)],
  };
}

export class MockCalls {
  #tags = new Map<string, Tag[]>();
  #tagWatchers: ((tag: Tag) => void)[] = [];
  #players: ((update: PlayerUpdate) => void)[] = [];
  #drafts = new Map<string, string>();
  #last: Query | null = null;
  readonly list = new MockList();
  #runs = new Map<number, (update: SearchUpdate) => void>();
  #runId = 0;
  #open = 0;
  /** Of the opening heard. */
  #ticket = 0;
  #bars: number[] = [];
  #sentBars = 0;
  #transport = transport();

  constructor(private readonly many: number) {
    setInterval(() => this.#tick(), 50);
  }

  #fitting(search: Pick<Search, 'from' | 'to' | 'agent' | 'campaign' | 'minDurationSecs'>): Call[] {
    seed = 11;
    const end = new Date(Math.min(Date.now(), Date.parse(search.to.replace(' ', 'T'))));
    const from = Date.parse(search.from.replace(' ', 'T'));
    const fits = (call: Call) =>
      Date.parse(call.startedAt.replace(' ', 'T')) >= from &&
      (!search.agent || call.agent === search.agent) &&
      (!search.campaign || call.campaign === search.campaign) &&
      (call.lengthSecs ?? 0) >= (search.minDurationSecs ?? 0);
    return Array.from({ length: this.many }, (_, n) => made(n, end)).filter(fits);
  }

  ofAgent({ agent, from, to, most }: Args<'calls_of_agent'>): AgentCalls {
    const calls = this.#fitting({ agent, from, to, campaign: '', minDurationSecs: null });
    return { count: calls.length, calls: calls.slice(0, most) };
  }

  search(query: Query, on: (update: SearchUpdate) => void): number {
    const id = ++this.#runId;
    const { search } = query;
    this.#last = query;
    this.list.begin();
    this.#runs.set(id, on);
    const all = this.#fitting(search);
    for (const [n, call] of all.entries()) {
      if (n % 3 === 1)
        this.#learn({ guid: call.guid, text: TAGS[n % TAGS.length] ?? '', state: 'confirmed' });
    }
    let [done, legs, pages] = [0, 0, 0];
    const next = () => {
      if (!this.#runs.has(id)) return;
      const calls = all.slice(done, done + PAGE);
      done += calls.length;
      pages += 1;
      legs += calls.reduce((sum, call) => sum + call.legs.length, 0);
      this.list.add(calls);
      on({ kind: 'page', calls: this.list.total, pages, rows: legs, dropped: 0 });
      if (search.tag === 'fail' && pages === 2) {
        on({ kind: 'failed', problem: { code: 'timeout', params: {}, retryable: true } });
      } else if (done < all.length) later(120, next);
      else on({ kind: 'done', calls: all.length, rows: legs });
    };
    later(300, next);
    return id;
  }

  cancel(id: number): null {
    this.#runs.get(id)?.({ kind: 'cancelled' });
    this.#runs.delete(id);
    return null;
  }

  lastQuery = () => this.#last;
  remember(query: Query): null {
    this.#last = query;
    return null;
  }
  draft = (key: string) => this.#drafts.get(key) ?? null;
  setDraft(key: string, text: string | null): null {
    if (text === null) this.#drafts.delete(key);
    else this.#drafts.set(key, text);
    return null;
  }

  #learn(tag: Pick<Tag, 'guid' | 'text' | 'state'>): Tag {
    const whole = { ...tag, atMs: Date.now(), problem: null };
    const others = (this.#tags.get(tag.guid) ?? []).filter((one) => one.text !== tag.text);
    this.#tags.set(tag.guid, [...others, whole]);
    return whole;
  }

  tagsFor = (guids: string[]) => guids.flatMap((guid) => this.#tags.get(guid) ?? []);
  recent = () => ['reclamo', 'factura', 'vip'];
  watchTags(on: (tag: Tag) => void): null {
    this.#tagWatchers.push(on);
    return null;
  }

  /** Confirmed after a moment; `later` never is, `no` is refused, `lost` is not answered. */
  tag({ guid, text }: TagRequest): Tag {
    if (text === 'no') {
      const problem = { code: 'refused', params: { detail: 'Wrong parameters' }, retryable: false };
      return { ...this.#learn({ guid, text, state: 'failed' }), problem };
    }
    if (text === 'lost') {
      const problem = { code: 'timeout', params: {}, retryable: true };
      return { ...this.#learn({ guid, text, state: 'unknown' }), problem };
    }
    later(2500, () => {
      const tag = this.#learn({ guid, text, state: text === 'later' ? 'notConfirmed' : 'confirmed' });
      this.#tagWatchers.forEach((on) => on(tag));
    });
    return this.#learn({ guid, text, state: 'pending' });
  }

  check = ({ guid, text }: TagRequest): Tag => this.#learn({ guid, text, state: 'confirmed' });

  watchPlayer(on: (update: PlayerUpdate) => void): null {
    this.#players.push(on);
    this.#say();
    return null;
  }

  #say(update: PlayerUpdate = { kind: 'transport', ticket: this.#ticket, transport: this.#transport }): void {
    this.#players.forEach((on) => on(update));
  }

  #set(parts: Partial<Transport>): null {
    this.#transport = { ...this.#transport, ...parts };
    this.#say();
    return null;
  }

  #obey(parts: Partial<Transport>): number {
    const obeyed = this.#transport.obeyed + 1;
    this.#set({ ...parts, obeyed });
    return obeyed;
  }

  close(): null {
    this.#open += 1;
    this.#ticket = 0;
    this.#set({
      phase: 'empty',
      savedSecs: 0,
      loopFromSecs: null,
      loopToSecs: null,
      positionSecs: 0,
      durationSecs: null,
      bufferedSecs: 0,
      problem: null,
    });
    this.#say({ kind: 'reset', ticket: 0, guid: null });
    return null;
  }

  open({ call, atSecs, ticket }: ListenRequest, on: (update: LocateUpdate) => void): null {
    this.close();
    this.#ticket = ticket;
    const turn = this.#open;
    const number = Number(call.guid.slice(-8));
    const [day] = call.days;
    const tried = (
      format: Place['format'],
      host: Place['host'],
      folder: string | null,
      outcome: PlaceAnswer,
      millis: number,
    ): LocateUpdate => {
      const attempt: Attempt = {
        place: { host, day: folder, format },
        status: outcome === 'found' ? 206 : outcome === 'timeout' ? null : 404,
        outcome,
        millis,
      };
      return { kind: 'tried', attempt };
    };
    const at = (ms: number, update: LocateUpdate) => later(ms, () => turn === this.#open && on(update));
    at(0, { kind: 'looking' });
    at(51, tried('mp3', 'telephony', day ?? null, 'notFound', 51));
    at(55, tried('mp3', 'telephony', null, 'notFound', 55));
    at(58, tried('mp3', 'backup', day ?? null, number % 7 === 3 ? 'timeout' : 'notFound', 58));
    at(60, tried('mp3', 'backup', null, 'notFound', 60));
    if (number % 7 === 5) {
      at(900, { kind: 'failed', problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
      return null;
    }
    const converts = number % 7 === 4;
    if (converts) {
      at(300, { kind: 'converting' });
      at(2000, { kind: 'lookingAgain', round: 1, rounds: 6 });
    }
    const found = converts ? 4000 : 108;
    const format = converts ? 'mp3' : 'gsm';
    at(found, tried(format, 'telephony', day ?? null, 'found', found));
    const place: Place = { host: 'telephony', day: day ?? null, format };
    at(found, { kind: 'found', place, millis: found, cached: false });
    later(found + 40, () => {
      if (turn !== this.#open) return;
      const duration = call.talkSecs ?? 30;
      this.#bars = Array.from({ length: duration * 20 }, (_, n) => {
        const quiet = Math.sin(n / 90) > 0.72;
        return quiet
          ? random(6)
          : Math.round(60 + 150 * Math.abs(Math.sin(n / 31) * Math.cos(n / 11)) + random(40));
      });
      this.#sentBars = 0;
      this.#say({ kind: 'reset', ticket, guid: call.guid });
      this.#set({
        phase: 'playing',
        positionSecs: atSecs ?? 0,
        channels: number % 2 ? 2 : 1,
        durationSecs: duration,
        bufferedSecs: 1,
        problem: number % 7 === 6 ? 'truncated' : null,
      });
    });
    return null;
  }

  play(): null {
    const { phase } = this.#transport;
    if (phase === 'ended') return this.#set({ phase: 'playing', positionSecs: 0 });
    return this.#set({ phase: phase === 'paused' ? 'playing' : phase });
  }

  pause(): null {
    const { phase } = this.#transport;
    return this.#set({ phase: phase === 'playing' ? 'paused' : phase });
  }

  toggle(): null {
    return this.#transport.phase === 'playing' ? this.pause() : this.play();
  }

  seek(secs: number): number {
    const most = this.#transport.durationSecs ?? 0;
    return this.#obey({ positionSecs: Math.min(most, Math.max(0, secs)) });
  }

  seekBy(secs: number): number {
    return this.seek(this.#transport.positionSecs + secs);
  }

  volume(volume: number): number {
    return this.#obey({ volume });
  }

  loop(from: number | null, to: number | null): number {
    return this.#obey({ loopFromSecs: from, loopToSecs: to });
  }

  hear(hearing: Transport['hearing']): number {
    return this.#obey({ hearing });
  }

  detail({ from, to, columns }: { from: number; to: number; columns: number }): Detail {
    const at = (column: number) => Math.floor((from + ((to - from) * column) / columns) * 20);
    const left = Array.from({ length: columns }, (_, column) => this.#bars[at(column)] ?? 0);
    return { left, right: [] };
  }

  #saving = 0;
  stopSaving(): null {
    this.#saving += 1;
    return null;
  }

  /** Every third one is nowhere. */
  save(all: Call[], on: (update: SaveUpdate) => void): null {
    const turn = ++this.#saving;
    let [saved, failed] = [0, 0];
    const next = (done: number) => {
      const call = all[done];
      const stopped = turn !== this.#saving;
      if (!call || stopped) {
        on({ kind: 'done', saved, failed, left: all.length - saved - failed, folder: '/music' });
        return;
      }
      on({ kind: 'turn', done, total: all.length, guid: call.guid });
      later(700, () => {
        const { guid } = call;
        if (done % 3 === 2) {
          failed += 1;
          on({ kind: 'failed', guid, problem: { code: 'notFoundAnywhere', params: {}, retryable: false } });
        } else {
          saved += 1;
          on({ kind: 'saved', guid, name: `${guid}.mp3`, problem: null });
        }
        next(done + 1);
      });
    };
    next(0);
    return null;
  }

  #silent = (secs: number) =>
    this.#bars.slice(Math.floor(secs * 20), Math.floor(secs * 20) + 10).every((bar) => bar < 8);

  #tick(): void {
    if (this.#sentBars < this.#bars.length) {
      const bars = this.#bars.slice(this.#sentBars, this.#sentBars + 200);
      this.#say({
        kind: 'peaks',
        ticket: this.#ticket,
        peaks: { from: this.#sentBars, perSecond: 20, bars, right: [], silences: [] },
      });
      this.#sentBars += bars.length;
      const durationExact = this.#sentBars >= this.#bars.length;
      this.#set({ durationExact, bufferedSecs: this.#sentBars / 20 });
      if (durationExact)
        this.#say({ kind: 'sound', ticket: this.#ticket, report: mockReport(this.#bars.length / 20) });
    }
    const { phase, positionSecs, durationSecs, hearing } = this.#transport;
    if (phase !== 'playing' || durationSecs === null) return;
    const { loopFromSecs, loopToSecs } = this.#transport;
    if (loopToSecs !== null && Math.abs(positionSecs - loopToSecs) < 0.2) this.seek(loopFromSecs ?? 0);
    else if (positionSecs >= durationSecs) this.#set({ phase: 'ended', positionSecs: durationSecs });
    else if (hearing.skipSilence && this.#silent(positionSecs)) {
      const end = Math.min(durationSecs, positionSecs + 0.5);
      this.#set({ positionSecs: end, savedSecs: this.#transport.savedSecs + end - positionSecs });
    } else this.#set({ positionSecs: positionSecs + 0.05 * hearing.speed });
  }
}
