// Adding people to a campaign: who could be, who is chosen, and which of them were seen there afterwards. The order is that
// of the moment it was opened, so that no row moves under the hand; what each one costs is that of now.
import { type Candidate, candidates, costOf } from '../candidates';
import { fold } from '../format';
import type { Agent, AheadChange, Campaign, Host, Operation } from '../host/host';
import { WhatIf } from './ahead-questions.svelte';
import type { FloorState } from './floor.svelte';
import { Sending } from './sending.svelte';

export class AddPeople {
  /** By their telephone, in the order they were chosen. */
  chosen = $state.raw<readonly string[]>([]);
  penalty = $state(0);
  paused = $state(false);
  filter = $state('');
  readonly sending: Sending;
  /** What the choice would bring to this campaign and to others. */
  readonly effect: WhatIf;
  readonly #order: readonly string[];
  /** Who went out with it: looked for in the campaign afterwards. */
  sent = $state.raw<readonly Agent[]>([]);

  constructor(
    host: Host,
    private readonly floor: FloorState,
    readonly name: string,
  ) {
    this.sending = new Sending(host);
    this.effect = new WhatIf(host);
    const campaign = this.campaign;
    this.#order = campaign
      ? candidates(campaign, floor.campaigns, floor.agents).map((one) => one.agent.location)
      : [];
    this.chosen = floor.suggested;
    floor.suggested = [];
  }

  /** As it is now; gone when the server no longer has it. */
  get campaign(): Campaign | undefined {
    return this.floor.campaigns.find((one) => one.name === this.name);
  }

  /** Those who could be added, in the order of the beginning; who became free since is behind them. */
  rows = $derived.by((): Candidate[] => {
    const { campaign } = this;
    if (!campaign) return [];
    const now = candidates(campaign, this.floor.campaigns, this.floor.agents);
    const place = new Map(this.#order.map((location, at) => [location, at]));
    const at = (one: Candidate) => place.get(one.agent.location) ?? place.size;
    return now.sort((a, b) => at(a) - at(b));
  });

  shown = $derived.by((): Candidate[] => {
    const part = fold(this.filter.trim());
    if (!part) return this.rows;
    return this.rows.filter(
      ({ agent, costs }) =>
        fold(agent.name).includes(part) ||
        agent.location.toLowerCase().includes(part) ||
        costs.some((cost) => fold(cost.campaign.label).includes(part)),
    );
  });

  /** Those chosen who could still be added. */
  get people(): Agent[] {
    const rows = new Map(this.rows.map((one) => [one.agent.location, one.agent]));
    return this.chosen.map((location) => rows.get(location)).filter((one) => one !== undefined);
  }

  /** What each campaign they sit in keeps, with all of them gone. */
  left = $derived.by(() => {
    const { people } = this;
    const named = new Map(this.floor.campaigns.map((one) => [one.name, one]));
    const costs = people.flatMap((one) => costOf(one, named, people));
    const least = new Map(costs.map((cost) => [cost.campaign.name, cost]));
    return [...least.values()];
  });

  async toggle(location: string): Promise<void> {
    this.chosen = this.chosen.includes(location)
      ? this.chosen.filter((one) => one !== location)
      : [...this.chosen, location];
    await this.propose();
  }

  /** Says what would be sent, after anything was changed. */
  async propose(): Promise<void> {
    void this.effect.look(this.#changes());
    await this.sending.propose(this.#operation());
  }

  /** Whoever comes in on pause changes nothing for now; without a forecast there is nothing to ask. */
  #changes(): AheadChange[] {
    if (this.paused || !this.floor.ahead(this.name)?.outlook) return [];
    const penalty = Math.max(0, Math.trunc(this.penalty || 0));
    return this.people.map(({ location }) => ({ kind: 'join', location, campaign: this.name, penalty }));
  }

  #operation(): Operation | null {
    const { people } = this;
    if (!people.length) return null;
    const members = people.map((one) => ({
      name: one.name,
      interface: one.location,
      // A field that was emptied is none.
      penalty: Math.max(0, Math.trunc(this.penalty || 0)),
      paused: this.paused,
    }));
    return { operation: 'addMembers', campaign: this.name, members };
  }

  async send(): Promise<void> {
    if (!this.sending.ready) return;
    this.sent = this.people;
    await this.sending.send();
    if (this.sending.outcome === 'done') this.chosen = [];
  }

  /** Whether the campaign shows them by now. */
  seen(one: Agent): boolean {
    const now = this.floor.agents.find((agent) => agent.location === one.location);
    return now?.campaigns.includes(this.name) ?? false;
  }
}
