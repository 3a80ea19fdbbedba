// How every command and every stream is answered, for programs behind the window that are not the real one. A command
// added, removed or changed in Rust is a type error wherever such a table is written.
import type { Commands, Streams } from './generated/commands';
import type { CommandName, StreamName } from './host';

export type Args<K extends CommandName> = Commands[K]['args'];
export type Reply<K extends CommandName> = Commands[K]['reply'];
export type Message<K extends StreamName> = Streams[K]['message'];

export type Answers = {
  [K in CommandName]: (args: Args<K>) => Reply<K> | Promise<Reply<K>>;
};

export type Feeds = {
  [K in StreamName]: (
    args: Streams[K]['args'],
    on: (message: Message<K>) => void,
  ) => Streams[K]['reply'] | Promise<Streams[K]['reply']>;
};
