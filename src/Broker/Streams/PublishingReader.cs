using UdsBroker.Broker.Routing;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The protocol <c>udsb</c> by datagram: publishing only. A bound sender has an identity of its own as long as it is remembered; all others
/// share the identity of a sender without a connection.
/// </summary>
internal sealed class PublishingReader(DatagramAdmission admission, DatagramRouter router, DatagramSenders senders, RefusedDatagrams refused) : IDatagramReader
{
    public void Read(DatagramBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var datagram = batch[i];
            if (!admission.Admits(datagram)) continue;
            if (router.Route(batch.Slab, datagram.Start, datagram.Length, senders.AccountOf(datagram.Sender)) is { } problem) refused.Add(datagram.Sender, problem);
        }

        router.Flush();
    }
}
