namespace UdsBroker.Broker.Streams;

/// <summary>Bytes ready to be sent in one gathered call: the element between whoever has something to send and the socket.</summary>
internal interface IOutboundBatch
{
    /// <summary>Takes the bytes over, in order, never empty, valid until <see cref="Sent"/>, which has to follow whatever happens.</summary>
    List<ArraySegment<byte>> Take();

    /// <summary>The kernel took that many bytes, perhaps none because the peer is gone; the rest has to be offered again.</summary>
    void Sent(int bytes);
}
