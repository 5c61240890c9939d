// The organiser is invited, comes in by keyboard alone, with and without scripts, and looks after the mail.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults, journey, open, overflow } from './site.mjs';

const CLAIRE = 'claire.fabre@departement.example';

let site;
before(async () => { site = await open(); });
after(() => site?.close());

test('the button of a mail leads out of its frame, and its address lets her in', async () => {
  await journey('mail button', await site.visitor({ viewport: { width: 1280, height: 900 } }), async (page) => {
    await page.goto('/demo/courrier');
    await page.click('text=Votre invitation');
    const letter = page.frameLocator('iframe.letter');
    assert.equal(await letter.locator('base').getAttribute('target'), '_top');
    // The program was told any port: its mails do not know which it took.
    const { pathname } = new URL(await letter.locator('a.button').getAttribute('href'));
    await page.goto(pathname);
    await page.click('text=Accepter et entrer');
    await page.waitForURL(/mon-espace/);
    assert.deepEqual(page.wrong, []);
  });
});

for (const javaScriptEnabled of [true, false]) {
  test(`she types her address and her code and presses Enter, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const visitor = await site.visitor({ viewport: { width: 360, height: 740 }, javaScriptEnabled });
    await journey(`sign in ${javaScriptEnabled}`, visitor, async (page) => {
      const sound = async () => {
        if (!javaScriptEnabled) return;
        assert.deepEqual(await faults(page), [], `axe on ${page.url()}`);
        assert.equal(await overflow(page), null, page.url());
      };
      await page.goto('/mon-espace');
      assert.match(page.url(), /connexion\?suite=/);
      await sound();
      await page.focus('#courriel');
      await page.keyboard.type(CLAIRE);
      await page.keyboard.press('Enter');
      await page.waitForURL(/connexion\/code/);
      await sound();
      const mailbox = await page.context().newPage();
      await mailbox.goto('/demo/courrier');
      await mailbox.click('.letters a');
      const [, code] = /code : (\d{6})/.exec(await mailbox.textContent('pre.letter'));
      await mailbox.close();
      await page.focus('#code');
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
      await page.waitForURL(/mon-espace$/);
      await sound();
      await page.click('.tools >> text=Courrier');
      await page.click('text=Envoyer un message d’essai');
      assert.match(await page.textContent('[role=status].notice'), /message d’essai est écrit/);
      await sound();
      await page.click('.letters a');
      await sound();
      await page.goto('/mon-espace');
      await page.click('text=Me déconnecter');
      await page.goto('/mon-espace');
      assert.match(page.url(), /connexion/);
      assert.deepEqual(page.wrong, []);
    });
  });
}
