import 'reflect-metadata';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsString, IsUrl, Matches, Max, Min, MinLength, ValidateIf, validateSync } from 'class-validator';

const number = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value));

/** What a folder was made for. Only in a folder that is not `live` may the clock be moved; the folder remembers it for good. */
export const PURPOSES = ['live', 'demo', 'test', 'seed'] as const;
export type FolderPurpose = (typeof PURPOSES)[number];

/** Every setting there is; `.env.example` says the same to people. */
export class Settings {
  @number
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT: number = 3000;

  @IsString()
  @MinLength(1)
  HOST: string = '127.0.0.1';

  @IsString()
  @MinLength(1)
  PALMLEDGER_DATA: string = './data';

  @IsString()
  @MinLength(1)
  PALMLEDGER_KEYS: string = './keys';

  @IsString()
  @MinLength(1)
  PALMLEDGER_OUTBOX: string = './outbox';

  /** The simulated card network keeps its book here. */
  @IsString()
  @MinLength(1)
  PALMLEDGER_CARD_NETWORK: string = './card-network';

  /** Where backups are kept, apart from the data. They hold no key. */
  @IsString()
  @MinLength(1)
  PALMLEDGER_BACKUPS: string = './backups';

  /** Who remembers the ledger's signed heads: a folder outside the data, best on another machine's share. */
  @IsString()
  @MinLength(1)
  PALMLEDGER_WITNESS: string = './witness';

  /** `name=data folder,keys folder,medium;…` */
  @ValidateIf((settings: Settings) => settings.PALMLEDGER_KEYRING_REPLICAS !== '')
  @Matches(/^[a-z0-9-]+=[^,;]+,[^,;]+,[^,;]+(;[a-z0-9-]+=[^,;]+,[^,;]+,[^,;]+)*$/)
  PALMLEDGER_KEYRING_REPLICAS: string = '';

  /** How devices and browsers reach it; request signatures cover it. Empty: http://HOST:PORT. */
  @ValidateIf((settings: Settings) => settings.PALMLEDGER_PUBLIC_URL !== '')
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  PALMLEDGER_PUBLIC_URL: string = '';

  @IsIn(PURPOSES)
  PALMLEDGER_PURPOSE: FolderPurpose = 'live';

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
  PALMLEDGER_LOG_LEVEL: string = 'info';

  /** Empty: standard output. */
  @IsString()
  PALMLEDGER_LOG_FILE: string = '';

  /** Strangers wrongly taken for a member, for each time that a stranger holds a palm over a device. */
  @number
  @Min(1e-9)
  @Max(0.1)
  PALMLEDGER_FALSE_POSITIVE_RATE: number = 0.001;

  /** Most that a device without near infrared may ask for, in minor units. */
  @number
  @IsInt()
  @Min(0)
  PALMLEDGER_VISIBLE_LIGHT_LIMIT: number = 5000;
}

/** A setting that is unknown or wrong: one line each, naming it. */
export class SettingsWrong extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'SettingsWrong';
    this.lines = lines;
  }
}

/** The settings in an environment. Throws `SettingsWrong`; a setting of ours that does not exist is an error, never ignored. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const known = Object.keys(new Settings());
  const unknown = Object.keys(environment).filter((name) => name.startsWith('PALMLEDGER_') && !known.includes(name));
  const given = Object.fromEntries(
    known.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
  const settings = plainToInstance(Settings, given, { exposeDefaultValues: true });
  const wrong = validateSync(settings, { forbidUnknownValues: true });
  const lines = [
    ...unknown.map((name) => `${name}: there is no such setting; .env.example lists all`),
    ...wrong.map(({ property, constraints }) => `${property}: ${Object.values(constraints ?? {}).join(', ')}`),
  ];
  if (lines.length > 0) throw new SettingsWrong(lines);
  return settings;
}
