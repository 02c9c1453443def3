namespace UdsBroker.Client;

// The ways a subscription ends: at once, after a number of messages, or drained. In all of them what waits in the client can still be read;
// disposing also lets go of that.
public sealed partial class Subscription
{
    /// <summary>
    /// Ends the subscription: nothing new is taken from now on, what waits in this client can still be read, then the reader finds the end.
    /// </summary>
    /// <param name="max">End only after so many more messages, missed ones included, counted from this call. <see langword="null"/>: at once. 1 or more.</param>
    /// <param name="cancellationToken">Ends nothing but the call: the frame is only written, not waited for.</param>
    public ValueTask UnsubscribeAsync(long? max = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (max is not { } most)
        {
            Client.Retire(this, tellBroker: true);
            return ValueTask.CompletedTask;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(max));
        Interlocked.Exchange(ref _messagesLeft, most);
        Client.Limit(this, most);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Ends the subscription without losing what is on its way: the broker takes no new messages for it, what it had queued is received, and when this
    /// completes all of it waits in this client. Read on until the end; messages beyond the bounds are counted as missed as always.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the subscription ends anyway.</param>
    /// <exception cref="ConnectionLostException">The connection ended meanwhile; the subscription has ended too.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken = default)
    {
        bool isDrained = false;
        try
        {
            await Client.UnsubscribeWithFenceAsync(this, cancellationToken).ConfigureAwait(false);
            isDrained = true;
        }
        finally
        {
            // After a reconnect in between the broker has it again.
            Client.Retire(this, tellBroker: !isDrained);
        }
    }

    /// <summary>Ends the subscription at once and lets go of what waits in it. A batch in the reader's hands stays valid until it is disposed.</summary>
    public ValueTask DisposeAsync()
    {
        Client.Retire(this, tellBroker: true);
        _isReleased = true;
        _queue.Clear();
        _queue.Finish();
        return ValueTask.CompletedTask;
    }
}
