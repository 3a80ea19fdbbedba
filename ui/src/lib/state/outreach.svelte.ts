// The room of reaching out: which of its pages is on show, and what each of them holds. It lives as long as the session, so
// that a file at hand and a batch under way are there still when somebody comes back.
import type { Host, SentKind } from '../host/host';
import { BaseUpload } from './base-upload.svelte';
import { UnfinishedBatches } from './batches.svelte';
import { BlacklistKnownState } from './blacklist-known.svelte';
import { SentList } from './sent-list.svelte';

export type OutreachPage =
  'calls' | 'messages' | 'blacklist' | 'unconfirmed' | 'unfinished' | `sent-${SentKind}` | 'sent';

/** A page that is filled from a file. */
export type FilePage = 'calls' | 'messages' | 'blacklist';

export class OutreachState {
  page = $state<OutreachPage>('calls');
  readonly upload: BaseUpload;
  readonly sent: SentList;
  readonly blacklist: BlacklistKnownState;
  readonly unfinished: UnfinishedBatches;

  constructor(host: Host) {
    const onsent = () => void this.refresh();
    this.sent = new SentList(host, () => {
      onsent();
      void this.upload.sending.look();
      void this.blacklist.sending.look();
    });
    this.upload = new BaseUpload(host, onsent);
    this.blacklist = new BlacklistKnownState(host, onsent);
    this.unfinished = new UnfinishedBatches(host, () => {
      void this.sent.lines.refresh();
      void this.upload.sending.look();
      void this.blacklist.sending.look();
    });
  }

  /** Figures and lists as they are by now. */
  async refresh(): Promise<void> {
    await Promise.all([this.sent.lines.refresh(), this.blacklist.numbers.refresh(), this.unfinished.look()]);
  }

  async open(page: OutreachPage): Promise<void> {
    // A base under way stays on show until it is over.
    const other = page === 'calls' || page === 'messages';
    this.page = other && this.upload.sending.busy ? this.upload.kind : page;
    if (page === 'calls' || page === 'messages') await this.upload.turnTo(page);
    else if (page === 'unconfirmed') await this.sent.show(null, true);
    else if (page === 'sent') await this.sent.show(null, false);
    else if (page.startsWith('sent-')) await this.sent.show(page.slice(5) as SentKind, false);
    else if (page === 'unfinished') await this.unfinished.open();
  }

  /** Which page a file that is dropped goes to: the one on show, or the first that takes files; `null` where none is offered. */
  taking(offers: (group: 'dialer' | 'messages' | 'blacklist') => boolean): FilePage | null {
    const pages = [
      ['calls', 'dialer'],
      ['messages', 'messages'],
      ['blacklist', 'blacklist'],
    ] as const;
    const offered = pages.filter(([, group]) => offers(group)).map(([page]) => page);
    return offered.find((page) => page === this.page) ?? offered[0] ?? null;
  }

  /** Nothing can be taken while what was taken before is being sent. */
  taken(page: FilePage): boolean {
    return page === 'blacklist' ? this.blacklist.sending.busy : this.upload.sending.busy;
  }

  /** Takes a file to a page, as if it had been picked there. */
  async take(page: FilePage, paths: string[]): Promise<void> {
    const [path, more] = paths;
    if (path === undefined || this.taken(page)) return;
    await this.open(page);
    const to = page === 'blacklist' ? this.blacklist : this.upload;
    if (more !== undefined) to.problem = { code: 'oneFileAtATime', params: {}, retryable: false };
    else await to.take(path);
  }
}
