// The form to sign in with: as it is filled in, and what the address typed amounts to. Made anew each time it is shown: a
// password typed is gone with it.
import type { Host, Profile, ServerHint } from '../host/host';
import type { Session } from './session.svelte';

const EMPTY = { name: '', serverUrl: '', user: '', telephonyUrl: '', backupUrl: '', extraCaPath: '' };

export class SignInForm {
  profileId = $state<string | null>(null);
  fields = $state({ ...EMPTY });
  password = $state('');
  keep = $state(false);
  #told = $state.raw<{ url: string; hint: ServerHint } | null>(null);
  /** What the address amounts to; nothing while it is another one than was asked about. */
  hint = $derived(this.#told?.url === this.fields.serverUrl ? this.#told.hint : null);

  constructor(
    private readonly host: Host,
    private readonly session: Session,
  ) {}

  /** Fills it in as kept, or empties it. */
  fill(profile: Profile | null): void {
    this.profileId = profile?.id ?? null;
    this.fields = {
      name: profile?.name ?? '',
      serverUrl: profile?.serverUrl ?? '',
      user: profile?.user ?? '',
      telephonyUrl: profile?.telephonyUrl ?? '',
      backupUrl: profile?.backupUrl ?? '',
      extraCaPath: profile?.extraCaPath ?? '',
    };
    this.keep = profile?.keep ?? false;
    this.password = '';
    this.session.problem = null;
    void this.look();
  }

  /** Another address: what was told of the one before goes, and what it amounts to is asked. */
  typedServer(): void {
    this.session.problem = null;
    void this.look();
  }

  /** Asks what the address amounts to. */
  async look(): Promise<void> {
    const { serverUrl: url } = this.fields;
    if (!url.trim()) return;
    const hint = await this.host.ask('server_hint', { url });
    if (url === this.fields.serverUrl) this.#told = { url, hint };
  }

  async pickCa(title: string): Promise<void> {
    const path = await this.host.ask('pick_file', { title });
    if (path) this.fields.extraCaPath = path;
  }

  /** Gives whether it worked. */
  async submit(): Promise<boolean> {
    const { name, serverUrl, user, telephonyUrl, backupUrl, extraCaPath } = this.fields;
    const worked = await this.session.signIn({
      profileId: this.profileId,
      name,
      serverUrl,
      user,
      password: this.password || null,
      telephonyUrl: telephonyUrl || null,
      backupUrl: backupUrl || null,
      extraCaPath: extraCaPath || null,
      keep: this.keep,
    });
    if (worked) this.password = '';
    return worked;
  }
}
