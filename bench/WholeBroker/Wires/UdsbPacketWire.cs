namespace UdsBroker.Bench.Wires;

/// <summary>Our own wire where packets keep their boundaries: nothing is sent but whole messages.</summary>
internal sealed class UdsbPacketWire : UdsbWire
{
    /// <summary>Well below what a socket takes that nobody has tuned.</summary>
    internal override int MaxPacket => 96 * 1024;
}
