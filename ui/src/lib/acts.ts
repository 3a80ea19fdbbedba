// What can be done for a person, a call or a number: what has to be typed for it, and the operation it becomes. Left out on
// purpose: sending, words, and adding people, which has a panel of its own.
import type { Agent, Call, Campaign, Offered, Operation, OwnPhone } from './host/host';
import { numberOf } from './state/calls-search';
import { byName } from './names';

export type ActKind =
  | 'callFor'
  | 'hangUp'
  | 'listenIn'
  | 'callBack'
  | 'task'
  | 'schedule'
  | 'respool'
  | 'removeContact'
  | 'unschedule'
  | 'sms'
  | 'blacklist'
  | 'unblacklist';

/** What it is about. */
export interface Target {
  /** The other party's number; empty where a person is meant. */
  number: string;
  campaign: string;
  /** A person on the floor. */
  agent?: Agent;
}

export type Values = Readonly<Record<string, string>>;

export type FieldKind =
  'text' | 'long' | 'when' | 'campaign' | 'dialer' | 'agent' | 'number' | 'extension' | 'choice';

export interface FieldOf {
  name: string;
  kind: FieldKind;
  /** Not needed for most: behind "more". */
  more?: boolean;
  /** Of a choice. */
  choices?: readonly string[];
  /** The field of the vendor's it becomes, for what is wrong with it. */
  as?: string;
  /** Shown only then. */
  when?: (values: Values) => boolean;
  /** What was chosen last is there the next time. */
  kept?: boolean;
}

export interface Act {
  group: Offered;
  fields: readonly FieldOf[];
  /** It takes a second press. */
  twice?: boolean;
  /** Where it can be seen whether it arrived. */
  look: 'records' | 'none';
  build: (values: Values, target: Target, own: OwnPhone) => Operation;
}

/** `1001` of `SIP/1001`, `PJSIP/1001-2` or `Local/1001@agents`. */
export function extensionOf(location: string): string {
  const rest = location.slice(location.indexOf('/') + 1);
  return /^\d+/.exec(rest)?.[0] ?? rest;
}

const techOf = (location: string) =>
  location.includes('/') ? location.slice(0, location.indexOf('/')) : 'SIP';

const of = (values: Values, name: string) => (values[name] ?? '').trim();

/** `name=value` a line; a line without `=` is kept, so that it is said to be wrong. */
function parameters(text: string): [string, string][] {
  const lines = text.split('\n').filter((line) => line.trim());
  return lines.map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}

/** Numbers as people write them: one a line, or parted by commas. */
const numbers = (text: string) =>
  text
    .split(/[\n,:]/)
    .map(tidyNumber)
    .filter((one) => one);

/** What people put between digits is left out; what is no number stays, so that it is said. */
export function tidyNumber(text: string): string {
  return text.trim().replace(/[\s().]/g, '');
}

/** As the server writes a moment. */
export const serverMoment = (picked: string) =>
  picked ? `${picked.replace('T', ' ')}${picked.length === 16 ? ':00' : ''}`.slice(0, 19) : '';

function agentCall(values: Values, target: Target, own: OwnPhone, phone: string, tech: string): Operation {
  const call = {
    callerid: tidyNumber(of(values, 'callerid')),
    agent: target.agent?.name ?? (of(values, 'agent') || own.user),
    phone,
    tech,
    context: of(values, 'context'),
    outqueue: of(values, 'outqueue'),
    destination: tidyNumber(of(values, 'destination') || target.number),
  };
  const [data, form] = [of(values, 'data'), of(values, 'form')];
  if (!data && !form) return { operation: 'agentCall', ...call };
  return { operation: 'agentCallWithData', call, data, form };
}

const OUTQUEUE: FieldOf = { name: 'outqueue', kind: 'dialer', kept: true };
const CALLERID: FieldOf = { name: 'callerid', kind: 'number', more: true, kept: true };
const CONTEXT: FieldOf = { name: 'context', kind: 'text', more: true };
const FLOW: readonly FieldOf[] = [
  { name: 'data', kind: 'long', more: true },
  { name: 'form', kind: 'text', more: true },
];
const EXTRA: readonly FieldOf[] = [
  { name: 'alternatives', kind: 'long', more: true },
  { name: 'parameters', kind: 'long', more: true, as: 'data' },
];
const DESTINATION: FieldOf = { name: 'destination', kind: 'number' };

export const ACTS: Record<ActKind, Act> = {
  callFor: {
    group: 'calls',
    fields: [DESTINATION, OUTQUEUE, CALLERID, CONTEXT, ...FLOW],
    look: 'records',
    build: (values, target, own) => {
      const { location } = target.agent ?? { location: '' };
      return agentCall(values, target, own, extensionOf(location), techOf(location));
    },
  },
  hangUp: {
    group: 'calls',
    fields: [],
    twice: true,
    look: 'none',
    build: (_, target) => ({ operation: 'hangUp', phone: extensionOf(target.agent?.location ?? '') }),
  },
  listenIn: {
    group: 'calls',
    fields: [{ name: 'extension', kind: 'extension', as: 'phone' }, OUTQUEUE, CONTEXT],
    look: 'none',
    build: (values, target, own) => ({
      operation: 'agentCall',
      callerid: '',
      agent: own.user,
      phone: of(values, 'extension'),
      tech: 'SIP',
      context: of(values, 'context'),
      outqueue: of(values, 'outqueue'),
      destination: `${of(values, 'code')}${extensionOf(target.agent?.location ?? '')}`,
    }),
  },
  callBack: {
    group: 'calls',
    fields: [
      { name: 'extension', kind: 'extension', as: 'phone' },
      { name: 'agent', kind: 'agent' },
      DESTINATION,
      OUTQUEUE,
      CALLERID,
      CONTEXT,
      ...FLOW,
    ],
    look: 'records',
    build: (values, target, own) => agentCall(values, target, own, of(values, 'extension'), 'SIP'),
  },
  task: {
    group: 'dialer',
    fields: [
      { name: 'mode', kind: 'choice', choices: ['dialer', 'priority', 'manual', 'scheduled'], kept: true },
      { name: 'calldate', kind: 'when', when: (values) => values['mode'] === 'scheduled' },
      { name: 'campaign', kind: 'dialer', kept: true },
      DESTINATION,
      { name: 'agent', kind: 'agent', more: true },
      ...EXTRA,
      { name: 'source', kind: 'text', more: true, kept: true },
    ],
    look: 'records',
    build: (values, target) => {
      const kind = of(values, 'mode') || 'dialer';
      return {
        operation: 'task',
        mode:
          kind === 'scheduled'
            ? { kind, at: serverMoment(of(values, 'calldate')) }
            : { kind: kind as 'dialer' | 'priority' | 'manual' },
        campaign: of(values, 'campaign'),
        destination: tidyNumber(of(values, 'destination') || target.number),
        alternatives: numbers(of(values, 'alternatives')),
        agent: of(values, 'agent'),
        data: parameters(of(values, 'parameters')),
        source: of(values, 'source'),
      };
    },
  },
  schedule: {
    group: 'dialer',
    fields: [
      DESTINATION,
      { name: 'calldate', kind: 'when' },
      { name: 'campaign', kind: 'dialer', kept: true },
      { name: 'agentphone', kind: 'extension', more: true },
      ...EXTRA,
    ],
    look: 'records',
    build: (values, target) => ({
      operation: 'scheduleCall',
      calldate: serverMoment(of(values, 'calldate')),
      campaign: of(values, 'campaign'),
      destination: tidyNumber(of(values, 'destination') || target.number),
      alternatives: numbers(of(values, 'alternatives')),
      agentphone: of(values, 'agentphone'),
      data: parameters(of(values, 'parameters')),
    }),
  },
  respool: {
    group: 'dialer',
    fields: [
      { name: 'campaign', kind: 'campaign' },
      DESTINATION,
      { name: 'dialerbase', kind: 'text' },
      { name: 'contact', kind: 'text' },
      { name: 'priority', kind: 'text' },
      { name: 'retries', kind: 'text', more: true },
      { name: 'agentphone', kind: 'extension', more: true },
      ...EXTRA,
    ],
    look: 'records',
    build: (values, target) => ({
      operation: 'respool',
      campaign: of(values, 'campaign') || target.campaign,
      destination: tidyNumber(of(values, 'destination') || target.number),
      dialerbase: of(values, 'dialerbase'),
      data: parameters(of(values, 'parameters')),
      alternatives: numbers(of(values, 'alternatives')),
      contact: Number(of(values, 'contact')) || 0,
      retries: Number(of(values, 'retries')) || 0,
      priority: Number(of(values, 'priority')) || 0,
      agentphone: of(values, 'agentphone'),
    }),
  },
  removeContact: {
    group: 'dialer',
    fields: [
      { name: 'campaign', kind: 'dialer', kept: true },
      { name: 'number', kind: 'number' },
    ],
    twice: true,
    look: 'none',
    build: (values, target) => ({
      operation: 'removeContact',
      campaign: of(values, 'campaign'),
      number: tidyNumber(of(values, 'number') || target.number),
    }),
  },
  unschedule: {
    group: 'dialer',
    fields: [
      { name: 'campaign', kind: 'dialer', kept: true },
      DESTINATION,
      { name: 'from', kind: 'when' },
      { name: 'to', kind: 'when' },
    ],
    twice: true,
    look: 'none',
    build: (values, target) => ({
      operation: 'unschedule',
      campaign: of(values, 'campaign'),
      destination: tidyNumber(of(values, 'destination') || target.number),
      from: serverMoment(of(values, 'from')),
      to: serverMoment(of(values, 'to')),
    }),
  },
  sms: {
    group: 'messages',
    fields: [
      DESTINATION,
      { name: 'message', kind: 'long' },
      { name: 'campaign', kind: 'campaign', kept: true },
      { name: 'agent', kind: 'agent', more: true },
      { name: 'source', kind: 'text', more: true, kept: true },
    ],
    look: 'none',
    build: (values, target) => ({
      operation: 'sendSms',
      destination: tidyNumber(of(values, 'destination') || target.number),
      message: values['message'] ?? '',
      campaign: of(values, 'campaign') || target.campaign,
      agent: of(values, 'agent'),
      source: of(values, 'source'),
    }),
  },
  blacklist: blacklist('add'),
  unblacklist: blacklist('remove'),
};

function blacklist(change: 'add' | 'remove'): Act {
  return {
    group: 'blacklist',
    fields: [
      { name: 'phone', kind: 'number' },
      { name: 'campaign', kind: 'campaign' },
      { name: 'name', kind: 'text', more: true },
      { name: 'company', kind: 'text', more: true },
      { name: 'jobTitle', kind: 'text', more: true, as: 'job_title' },
    ],
    twice: true,
    look: 'none',
    build: (values, target, own) => ({
      operation: 'blacklist',
      change,
      numbers: {
        one: {
          phone: tidyNumber(of(values, 'phone') || target.number),
          campaign: of(values, 'campaign'),
          username: own.user,
          company: of(values, 'company'),
          job_title: of(values, 'jobTitle'),
          name: of(values, 'name'),
        },
      },
    }),
  };
}

/** The number of a call, as what is done about it is asked for. */
export const aboutCall = (call: Call): Target => ({
  number: tidyNumber(numberOf(call)),
  campaign: call.campaign,
});

export const aboutAgent = (agent: Agent): Target => ({
  number: '',
  campaign: agent.callCampaign ?? agent.campaigns[0] ?? '',
  agent,
});

/** Campaigns a field offers: those that dial, where it is a dialer's. */
export function offeredCampaigns(kind: FieldKind, campaigns: readonly Campaign[]): Campaign[] {
  const names = [...campaigns].sort((a, b) => byName(a.label, b.label));
  if (kind !== 'dialer') return names;
  const out = names.filter((one) => one.direction === 'outbound');
  return out.length ? out : names;
}

/** What stands in the fields to begin with: the number, and a campaign that dials where there can be no mistake about it: theirs,
 *  the one that dials for theirs, or the only one. Whom a number is given to among several is somebody's choice. */
export function firstValues(
  kind: ActKind,
  { number, campaign, agent }: Target,
  campaigns: readonly Campaign[],
): Values {
  const dialers = offeredCampaigns('dialer', campaigns);
  const named = campaigns.find((one) => one.name === campaign)?.label;
  const own = (
    dialers.find((one) => one.name === campaign) ??
    dialers.find((one) => agent?.campaigns.includes(one.name)) ??
    dialers.find((one) => one.label === named) ??
    (dialers.length === 1 ? dialers[0] : undefined)
  )?.name;
  const common = {
    destination: number,
    number,
    phone: number,
    // Which line a call of one's own goes out by: any will do.
    outqueue: own ?? dialers[0]?.name ?? '',
    mode: 'dialer',
    priority: '9999',
  };
  if (kind === 'blacklist' || kind === 'unblacklist') return { ...common, campaign: '' };
  return { ...common, campaign: kind === 'sms' || kind === 'respool' ? campaign : (own ?? '') };
}
