namespace UdsBroker.Broker.Streams;

/// <summary>Bytes ready to be sent in one gathered call: the stream element between their source and the socket.</summary>
internal interface IOutboundBatch
{
    /// <summary>Takes the bytes, in order and never empty. They are valid until <see cref="Sent"/>, which always has to follow.</summary>
    List<ArraySegment<byte>> Take();

    /// <summary>The kernel took that many bytes, perhaps none because the peer is gone; the rest has to be offered again.</summary>
    void Sent(int bytes);
}
