// At the till: the camera reads a voucher's code, where the browser can. Everything works without.
(() => {
  const button = document.querySelector("[data-scan]");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const field = document.querySelector("#code");
  const video = document.querySelector("[data-scan-view]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      const [found] = await detector.detect(video);
      if (!found) return requestAnimationFrame(look);
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      field.value = found.rawValue;
      field.form.requestSubmit();
    };
    requestAnimationFrame(look);
  });
})();
