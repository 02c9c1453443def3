namespace UdsBroker.Broker.Streams;

/// <summary>What the stages of a datagram listener report to its owner. Thread-safe; no call blocks.</summary>
internal interface IDatagramEvents
{
    /// <summary>There are refused datagrams that were not reported yet, see <see cref="RefusedDatagrams"/>.</summary>
    void Refused();

    /// <summary>Nothing more will be received.</summary>
    void Ended(Exception? cause);
}
