namespace UdsBroker.Broker.Streams;

/// <summary>Processes the datagrams of a listener.</summary>
internal interface IDatagramReader
{
    /// <summary>Reads all of a batch, which is reused after the call.</summary>
    void Read(DatagramBatch batch);
}
