namespace UdsBroker.Broker.Streams;

/// <summary>What a listener does with the datagrams that come.</summary>
internal interface IDatagramReader
{
    /// <summary>Reads all of a batch, which is filled again after the call.</summary>
    void Read(DatagramBatch batch);
}
