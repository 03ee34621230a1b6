// Reading QR and Code 128 from the camera: by the browser itself where it can, else by ZXing, which we serve.
(function () {
  "use strict";
  const EVERY = 150; // ms between two looks
  const AGAIN = 2500; // ms a label must be out of sight before it counts again
  const FORMATS = ["qr_code", "code_128"];

  async function ownDetector() {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const known = await window.BarcodeDetector.getSupportedFormats();
      if (!FORMATS.every((format) => known.includes(format))) return null;
      const detector = new window.BarcodeDetector({ formats: FORMATS });
      return async (video) => (await detector.detect(video)).map((found) => found.rawValue);
    } catch {
      return null;
    }
  }

  function load(url) {
    return new Promise((done, failed) => {
      if (window.ZXing) return done();
      const script = document.createElement("script");
      script.src = url;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function zxingDetector(url) {
    await load(url);
    const ZXing = window.ZXing;
    const reader = new ZXing.MultiFormatReader();
    reader.setHints(new Map([
      [ZXing.DecodeHintType.POSSIBLE_FORMATS, [ZXing.BarcodeFormat.QR_CODE, ZXing.BarcodeFormat.CODE_128]],
      [ZXing.DecodeHintType.TRY_HARDER, true],
    ]));
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      const scale = Math.min(1, 1024 / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const source = new ZXing.HTMLCanvasElementLuminanceSource(canvas);
      try {
        return [reader.decodeWithState(new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(source))).getText()];
      } catch {
        return []; // nothing to read in this picture
      }
    };
  }

  class Camera {
    // `read(text)` for each label that comes into sight.
    constructor(video, decoder, read) {
      Object.assign(this, { video, read, stream: null, seen: new Map() });
      // Fetched now, because there may be no network when the camera is wanted.
      this.detector = ownDetector().then((own) => own || zxingDetector(decoder));
      this.detector.catch(() => {});
    }

    // Rejects when there is no camera, no permission, or no secure page.
    async start() {
      const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      this.stream = await window.navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
      const detect = await this.detector;
      this.look(detect);
    }

    stop() {
      for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
      this.stream = null;
      this.video.srcObject = null;
    }

    async look(detect) {
      while (this.stream) {
        if (this.video.videoWidth && !document.hidden) for (const text of await detect(this.video)) this.saw(text);
        await new Promise((done) => window.setTimeout(done, EVERY));
      }
    }

    saw(text) {
      const now = Date.now();
      const last = this.seen.get(text) || 0;
      this.seen.set(text, now);
      if (now - last > AGAIN) this.read(text);
    }
  }

  window.OpsPactCounting.Camera = Camera;
})();
