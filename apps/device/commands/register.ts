import { Option, type Command } from 'commander';
import { PersonApi } from '#libs/api-client/person-api.ts';
import { credentialOf, type Credential, type CredentialOptions } from '#libs/command-line/credential.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { DeviceClient } from '#libs/device-protocol/device-client.ts';
import { commonOf, show } from '../at-device.ts';
import { makeDeviceFile } from '../device-file.ts';
import { whileAlone } from '../lock.ts';

interface Options extends CredentialOptions {
  readonly url: string;
  readonly code?: string;
  readonly merchantToken?: string;
  readonly actFor?: string;
  readonly site?: string;
  readonly kind: string;
  readonly name: string;
  readonly nearInfrared?: true;
}

export function addRegister(program: Command, terminal: Terminal): void {
  program
    .command('register')
    .description(
      'makes keys, and becomes a device of the service: by an activation code, or as a merchant who registers it now',
    )
    .requiredOption('--url <url>', 'the service, such as http://127.0.0.1:3000')
    .option('--code <code>', 'the activation code, as it was shown when the device was registered')
    .option('--merchant-token <token>', 'register it with the bearer token of a merchant')
    .option('--credential <file>', 'register it with a merchant\'s credential, {"principal": …, "secret": …}')
    .option('--principal <id>', 'the same, with its secret in PALMCTL_SECRET')
    .option('--act-for <merchant>', 'for whom, where the principal works for several')
    .option('--site <id>', 'where it stands; of the merchant that registers it')
    .addOption(new Option('--kind <kind>', 'what it is').choices(['till', 'gate', 'door', 'reader']).default('till'))
    .option('--name <name>', 'how people call it', 'Device on the command line')
    .option('--near-infrared', 'it sees near infrared as well')
    .action(async (_options, command: Command) => {
      const options = commonOf<Options>(command);
      const url = baseUrl(options.url);
      await whileAlone(options.device, async () => {
        const code = options.code ?? (await registered(url, options));
        const { keys, store } = await makeDeviceFile(options.device, url);
        const client = new DeviceClient({ baseUrl: url, keys, store });
        const { device, merchant, site, nearInfrared } = await client.activate(code);
        show(command, terminal, { device, merchant, site, nearInfrared, kept: options.device });
      });
    });
}

/** Only its origin counts: paths are the protocol's. */
function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.origin;
  throw new CannotDo(`--url takes an address such as http://127.0.0.1:3000, not ${text}`);
}

async function registered(url: string, options: Options): Promise<string> {
  const { site, kind, name, nearInfrared = false, merchantToken, actFor } = options;
  const credential = credentialOf(options, process.env);
  if (merchantToken === undefined && credential === undefined) {
    throw new CannotDo('give the activation code by --code, or who registers it by --credential or --merchant-token');
  }
  if (site === undefined) throw new CannotDo('say by --site where it stands');
  const signIn = async (): Promise<string> => merchantToken ?? tokenFor(url, credential!);
  const api = new PersonApi(url, signIn, actFor === undefined ? {} : { actFor });
  const body = { site, kind, name, nearInfrared };
  const { activationCode } = await api.post<{ activationCode: string }>('/merchant/v1/devices', body);
  return activationCode;
}

async function tokenFor(url: string, { principal, secret }: Credential): Promise<string> {
  const { token } = await new PersonApi(url).post<{ token: string }>('/auth/v1/token', { principal, secret });
  return token;
}
