namespace UdsBroker.Broker.Streams;

/// <summary>What the stages of a datagram listener tell its owner. Any thread may call; nothing here waits.</summary>
internal interface IDatagramEvents
{
    /// <summary>There are refused datagrams that nobody was told of yet, see <see cref="RefusedDatagrams"/>.</summary>
    void Refused();

    /// <summary>Nothing more will be received.</summary>
    void Ended(Exception? cause);
}
