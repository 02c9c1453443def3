using System.Diagnostics;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

// A PING is a fence: its PONG comes after everything this client sent before it has been routed, and says what became of it.
public sealed partial class UdsBrokerClient
{
    /// <summary>
    /// Waits until everything that was published before this call has been routed, and returns what became of it. One flush can confirm any
    /// number of messages; that is cheaper than confirming each. Flushes of several threads share the messages of the client between them:
    /// each message is counted in exactly one receipt.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; the counts of this flush are then lost.</param>
    /// <returns>The counts since the last flush on this connection.</returns>
    /// <exception cref="ConnectionLostException">The connection ended first: <see cref="ConnectionLostException.PublishesInDoubt"/> may or may not have been routed.</exception>
    /// <exception cref="ConnectFailedException">The first connect failed.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    public ValueTask<Receipt> FlushAsync(CancellationToken cancellationToken = default) => PassFenceAsync(FenceUse.Flush, cancellationToken);

    /// <summary>Measures a round trip to the broker, behind everything this client has already sent.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ConnectionLostException">The connection ended first.</exception>
    /// <exception cref="ConnectFailedException">The first connect failed.</exception>
    /// <exception cref="NotSupportedException">This client sends datagrams (<see cref="IsPublishOnly"/>).</exception>
    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        await ConnectAsync(cancellationToken).ConfigureAwait(false);
        long start = Stopwatch.GetTimestamp();
        await PassFenceAsync(FenceUse.Other, cancellationToken).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Sends a fence and waits for it; before the connection is there, waits for that.</summary>
    private async ValueTask<Receipt> PassFenceAsync(FenceUse use, CancellationToken cancellationToken)
    {
        RequireSession();
        while (true)
        {
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
            if (Outbound.AddFence(use) is { } fence) return await fence.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.Yield();
        }
    }
}
