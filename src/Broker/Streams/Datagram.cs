using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>One received datagram: its sender, and the position of its bytes in the slab of its batch. Reused for later ones.</summary>
internal sealed class Datagram
{
    internal DatagramSender Sender { get; } = new();

    internal int Start { get; set; }

    /// <summary>Its bytes; the real size when they did not fit.</summary>
    internal int Length { get; set; }

    /// <summary>False when it was larger than allowed, and its rest is lost.</summary>
    internal bool IsWhole { get; set; }
}
