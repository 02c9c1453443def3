namespace UdsBroker.Broker.Streams;

/// <summary>A peer sent a packet larger than its connection takes; the part that was received is discarded.</summary>
internal sealed class PacketTooLargeException(int bytes, int max)
    : Exception($"a packet of {bytes} bytes was sent; at most {max} are allowed (max-packet-bytes)");
