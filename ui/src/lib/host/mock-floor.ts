// The floor of a contact centre that is not there: thirteen campaigns and three hundred people, the same at every look
// but for the callers who wait.
import { agent, band, campaign, campaignAhead, health, passing, snapshot } from '../testing';
import type {
  Agent,
  AgentState,
  AheadTold,
  CampaignAhead,
  FloorUpdate,
  Moment,
  Period,
  Snapshot,
  Trend,
} from './host';

const NAMES = [
  'Soporte',
  'Ventas',
  'Cobranzas',
  'Retención',
  'Reservas',
  'Facturación',
  'Emergencias',
  'Portal web',
];
const FIRST = [
  'Lucía',
  'Martín',
  'Sofía',
  'João',
  'Camila',
  'Bruno',
  'Ana',
  'Diego',
  'Paula',
  'Nicolás',
  'Inés',
  'Tomás',
];
const LAST = [
  'Pereira',
  'Rocha',
  'Acosta',
  'Meireles',
  'Núñez',
  'Silveira',
  'Ferreiro',
  'Olivera',
  'Techera',
  'Viera',
];
const STATES: AgentState[] = [
  'available',
  'busy',
  'paused',
  'offline',
  'wrapUp',
  'ringing',
  'onHold',
  'busyPaused',
];
const REASONS = ['Baño', 'Almuerzo', 'Reunión', null];

const names = [...NAMES.map((name) => `${name}<-`), 'Ventas->', 'Encuesta->', 'Recupero->', 'Renovación->'];

function people(now: number): Agent[] {
  return Array.from({ length: 300 }, (_, n) => {
    const state = STATES[(n * 7 + Math.floor(n / 9)) % STATES.length] ?? 'available';
    return agent({
      location: `SIP/${1000 + n}`,
      name: `${FIRST[n % FIRST.length]} ${LAST[(n * 3 + Math.floor(n / 12)) % LAST.length]}`,
      state,
      stateSinceMs: now - ((n * 37) % 1500) * 1000,
      pauseReason: state === 'paused' ? (REASONS[n % REASONS.length] ?? null) : null,
      pausedIn: state === 'paused' ? 1 : 0,
      inCallHere: state === 'busy' ? n % 5 > 0 : null,
      callsTaken: n % 23,
      ringNoAnswer: n % 11 === 0 ? 2 : 0,
      pauseBeforeSecs: state === 'paused' ? (n * 53) % 1800 : null,
      campaigns: [names[n % names.length] ?? '', names[(n * 5 + 2) % names.length] ?? ''],
    });
  });
}

export class MockFloor {
  #revision = 0;

  #look(): Snapshot {
    const now = Date.now();
    const revision = ++this.#revision;
    const campaigns = names.map((name, n) => {
      const outbound = name.endsWith('->');
      const waiting = outbound ? 0 : Math.max(0, [6, 3, 2, 1, 1, 1, 0, 0][n] ?? 0) + (revision % 2);
      return campaign({
        name,
        label: name.slice(0, -2),
        direction: outbound ? 'outbound' : 'inbound',
        waiting,
        longestWaitSecs: waiting ? 130 - n * 20 : 0,
        longestWaitSinceMs: waiting ? now - (130 - n * 20) * 1000 : null,
        answered: 214 - n * 17,
        abandoned: n,
        serviceLevel: outbound ? null : [61, 84, 79, 92, 88, 97, 100, 90][n],
        waitingTrend: Array.from({ length: 30 }, (_, i) => Math.round(3 + 3 * Math.sin(i / 4 + n))),
      });
    });
    return snapshot({
      revision,
      atMs: now,
      campaigns,
      agents: people(now),
      health: { ...health, lastOkMs: now, statusOkMs: now, queueOkMs: now },
    });
  }

  /** Minute by minute, from eight in the morning on; nobody watched before. */
  trend({ fromMs, untilMs }: Period): Trend {
    const minutes = Array.from(
      { length: Math.max(0, Math.floor((untilMs - fromMs) / 60_000)) },
      (_, at) => at,
    );
    const line = (of: (at: number) => number) => minutes.map((at) => (at < 480 ? null : Math.round(of(at))));
    const wave = (at: number) => Math.max(0, 3 * Math.sin(at / 40) + Math.sin(at / 7));
    return {
      fromMs,
      waiting: line(wave),
      longest: line((at) => 40 * wave(at)),
      available: line((at) => 6 - wave(at)),
      serviceLevel: line((at) => 90 - 5 * wave(at)),
      abandoned: line((at) => (at % 17 ? 0 : 1)),
      answered: line((at) => 3 + (at % 4)),
    };
  }

  /** What comes of it: one campaign each way, and reasons where there is nothing to say. */
  ahead(on: (told: AheadTold) => void): null {
    const likely = [1, 0.7, 0.6, 0.2];
    const outlooks = names.map((name, n): CampaignAhead => {
      if (name.endsWith('->')) return { name, reason: 'outbound', outlook: null };
      if (n === 6) return { name, reason: 'watchedTooShort', outlook: null };
      const red = passing({ likely: likely[n] ?? 0.05, inSecs: n ? band(120, 480, 800) : band(0, 0, 0) });
      return campaignAhead({ passing: [red, passing({ colour: 'amber', likely: 0.4 })] }, name);
    });
    on({ atMs: Date.now(), campaigns: outlooks });
    return null;
  }

  watch(on: (update: FloorUpdate) => void): null {
    const tell = () => on({ kind: 'snapshot', snapshot: this.#look() });
    tell();
    setInterval(tell, 3000);
    return null;
  }

  moment(atMs: number): Moment {
    return { atMs, snapshot: { ...this.#look(), atMs }, alerts: [], gap: null };
  }
}
