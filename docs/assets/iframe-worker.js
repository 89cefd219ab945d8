/* Search without a server: browsers start no worker from a file, so a hidden frame does its work there. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      this.ready = new Promise(resolve => frame.addEventListener("load", resolve, { once: true }))
      this.frame = frame
      frame.srcdoc = "<!doctype html><script src=\"" + new URL(url, document.baseURI) + "\"></script>"
      const append = () => {
        document.body.append(frame)
        frame.contentWindow.postMessage = data => this.answer(data)
      }
      document.body ? append() : addEventListener("DOMContentLoaded", append)
    }
    answer(data) {
      const event = new MessageEvent("message", { data })
      this.dispatchEvent(event)
      if (this.onmessage) this.onmessage(event)
    }
    postMessage(data) {
      this.ready.then(() => {
        const inside = this.frame.contentWindow
        inside.postMessage = answer => this.answer(answer)
        inside.dispatchEvent(new inside.MessageEvent("message", { data }))
      })
    }
    terminate() {
      this.frame.remove()
    }
  }
}
