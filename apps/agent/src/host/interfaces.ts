const virtual =
  /^(lo\d*$|docker|veth|br\d|br-|virbr|vnet|ifb|dummy|tun|tap|wg|tailscale|zt|cni|flannel|cali|bond|team|utun|awdl|llw|gif|stf|bridge|sit|ip6tnl|rmnet_ipa|Loopback)/

/** Whether an interface carries traffic of its own. VLANs (eth0.10) and aliases would be counted twice. */
export const isRealInterface = (name: string) => !virtual.test(name) && !/[.:@]/.test(name)
