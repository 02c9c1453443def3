using System.Diagnostics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Checks every datagram before its content is read: whether its user, as reported by the kernel, is within <c>users.receive-rate</c>, and
/// whether it was received whole. A sender of datagrams cannot be made to wait, so what is beyond the rate is dropped and counted. Used by
/// one stage.
/// </summary>
/// <param name="users">The users' rates, which connections and datagrams share.</param>
/// <param name="refused">Counts what is dropped, and has it logged.</param>
/// <param name="traffic">Counts how often it was for the rate.</param>
internal sealed class DatagramAdmission(UserShares users, RefusedDatagrams refused, Traffic traffic)
{
    /// <summary>
    /// The least bytes that a datagram counts as. Receiving an empty one costs about as much, so a rate in real bytes would let small
    /// datagrams use up a processor: 1 MB/s of 12 bytes each is 83,000 a second.
    /// </summary>
    internal const int MinCost = 512;

    private (long Rate, string Text) _problem;

    /// <summary>Whether it may be read; if not, it has been counted as refused.</summary>
    internal bool Admits(Datagram datagram)
    {
        if (users.ReceivingOf(datagram.Sender.Uid) is { } allowance && !allowance.TryTake(Math.Max(datagram.Length, MinCost), Stopwatch.GetElapsedTime(0).Ticks))
            RefuseForRate(datagram.Sender, allowance);
        else if (!datagram.IsWhole) refused.Add(datagram.Sender, $"it has {datagram.Length} bytes, more than max-packet");
        else return true;
        return false;
    }

    private void RefuseForRate(DatagramSender sender, ReceiveAllowance allowance)
    {
        traffic.Hit(Limit.UsersReceiveRate);
        refused.Add(sender, Describe(allowance.BytesPerSecond));
    }

    // Cached, because such refusals come in large numbers.
    private string Describe(long rate)
    {
        if (_problem.Rate != rate)
            _problem = (rate, $"its user sends more than the {rate} bytes a second of udsbroker.users.receive-rate, where a datagram counts as {MinCost} at least");
        return _problem.Text;
    }
}
