using System.Text;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// The protocols <c>echo</c> and <c>identity</c> by datagram: each datagram is answered with itself, or with the identity of its sender as
/// 36 characters. A sender that is not bound cannot be answered, and an answer that the kernel does not take at once is lost, as datagrams
/// may be.
/// </summary>
/// <param name="admission">Decides which datagrams are processed.</param>
/// <param name="socket">The socket for answers.</param>
/// <param name="senders">Whose identities to answer with; null to answer with what came.</param>
/// <param name="refused">Counts what cannot be answered.</param>
internal sealed class AnsweringReader(DatagramAdmission admission, DatagramSocket socket, DatagramSenders? senders, RefusedDatagrams refused) : IDatagramReader
{
    public void Read(DatagramBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var datagram = batch[i];
            if (!admission.Admits(datagram)) continue;
            if (!datagram.Sender.HasAddress) refused.Add(datagram.Sender, "its sender is not bound to an address, so it cannot be answered");
            else Answer(batch, datagram);
        }
    }

    private void Answer(DatagramBatch batch, Datagram datagram)
    {
        var answer = senders is null
            ? batch.Slab.Bytes.AsSpan(datagram.Start, datagram.Length)
            : Encoding.ASCII.GetBytes(senders.AccountOf(datagram.Sender).Id.ToString());
        socket.TrySend(answer, datagram.Sender);
    }
}
