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
    /// <exception cref="ConnectionLostException">
    /// The connection ended first, now or since the last flush: <see cref="ConnectionLostException.PublishesInDoubt"/> may or may not have been routed. The
    /// next flush is about what is published from here on and about what waits for a connection.
    /// </exception>
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
        RequireSession();
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
            cancellationToken.ThrowIfCancellationRequested();
            if (Outbound.AddFence(use, out long inDoubt) is { } fence) return await PassedAsync(fence, cancellationToken).ConfigureAwait(false);
            if (inDoubt > 0) throw Unconfirmed(_lastEnd!, inDoubt);
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await Task.Yield();
        }
    }

    /// <summary>A flush whose caller has stopped waiting reports nothing, so that it is left to the next one.</summary>
    private async ValueTask<Receipt> PassedAsync(Fence fence, CancellationToken cancellationToken)
    {
        try
        {
            return await fence.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionLostException lost) when (fence.Use == FenceUse.Flush)
        {
            Outbound.MarkReported(lost.PublishesInDoubt);
            throw;
        }
    }

    private static ConnectionLostException Unconfirmed(ConnectionEnd end, long inDoubt) => new(
        end.Reason,
        $"The connection ended before the broker answered: {end.Message}{(inDoubt == 0 ? "" : $". {inDoubt} publishes were sent and not confirmed; each of them may or may not have been routed, and none is sent again.")}",
        inDoubt,
        end.Exception);
}
