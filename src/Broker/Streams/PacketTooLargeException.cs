namespace UdsBroker.Broker.Streams;

/// <summary>A peer sent a packet larger than its connection takes; what of it was received is not worth anything.</summary>
internal sealed class PacketTooLargeException(int bytes, int most)
    : Exception($"a packet of {bytes} bytes was sent; at most {most} are allowed (max-packet-bytes)");
