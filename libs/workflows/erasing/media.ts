const DONE =
  'The pages with the destroyed keys and all above them were written anew under fresh keys, up to a fresh master key; the old master key was overwritten in place and synced.';

/** What the overwriting of a master key shows depends on what it lies on. The first that fits what the operator calls the medium. */
const MEDIA: readonly (readonly [RegExp, string])[] = [
  [/\bhsm\b|security module/i, 'The module keeps no copy of an object that it has destroyed, by its maker’s word.'],
  [
    /\b(zfs|btrfs|cow|copy.on.write|snapshots?|lvm|overlay|nfs|smb|cifs|ceph|ebs|cloud|virtual|vm)\b/i,
    'This medium may write elsewhere than in place, or keep snapshots: the old bytes may last until every copy of their place is gone, and only with them would an older copy of the keyring open.',
  ],
  [
    /\b(ssd|nvme|flash|emmc|sd|usb)\b/i,
    'Flash does not write in place: the old bytes may last in cells that the drive has set aside until it erases them, readable only past its controller, and only with them would an older copy of the keyring open.',
  ],
  [
    /\b(tmpfs|ramfs|ram|memory)\b/i,
    'Memory is written in place: nothing of it is left, unless it was swapped out before.',
  ],
  [
    /\b(hdd|magnetic|disk)\b/i,
    'A magnetic disk under a file system that writes in place keeps nothing of it, but for sectors that it had set aside as bad.',
  ],
];
const UNKNOWN =
  'On a medium that writes in place nothing is left of it; on flash, copy-on-write storage or snapshots its old bytes may last until their place is used again, and only with them would an older copy of the keyring open.';

/** What overwriting proves on a medium, as operators named it. */
export function whatOverwritingProves(medium: string): string {
  const [, says] = MEDIA.find(([pattern]) => pattern.test(medium)) ?? [undefined, UNKNOWN];
  return `${DONE} ${says}`;
}

/** An operator's words as a certificate can hold them: a name that cannot be printed must not keep it from being issued. */
export function inWords(text: string): string {
  return (
    text
      .replaceAll(/\p{Cc}|\p{Cs}/gu, ' ')
      .slice(0, 500)
      .toWellFormed() || 'unnamed'
  );
}
