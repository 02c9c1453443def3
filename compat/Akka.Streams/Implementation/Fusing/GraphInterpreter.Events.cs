using static Akka.Streams.Implementation.Fusing.PortState;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>The events: how stages cause them, and how a queued connection is decoded into the handler call that it stands for.</summary>
internal sealed partial class GraphInterpreter
{
    public void ChasePush(Connection connection)
    {
        if (_chases > 0 && _chasedPush is null)
        {
            _chases--;
            _chasedPush = connection;
        }
        else
        {
            Enqueue(connection);
        }
    }

    public void ChasePull(Connection connection)
    {
        if (_chases > 0 && _chasedPull is null)
        {
            _chases--;
            _chasedPull = connection;
        }
        else
        {
            Enqueue(connection);
        }
    }

    /// <summary>The upstream completes: the downstream hears of it after the element that may be on its way.</summary>
    public void Complete(Connection connection)
    {
        var state = connection.State;
        connection.State = state | OutClosed;
        if (_chasedPush == connection)
        {
            _chasedPush = null;
            Enqueue(connection);
        }
        else if ((state & (Pulling | Pushing | InClosed | OutClosed)) == 0)
        {
            Enqueue(connection);
        }

        if ((state & OutClosed) == 0)
            connection.OutOwner.OpenPorts--;
    }

    /// <summary>The upstream fails: like <see cref="Complete"/>, with a reason.</summary>
    public void Fail(Connection connection, Exception reason)
    {
        var state = connection.State;
        connection.State = state | OutClosed;
        if ((state & (InClosed | OutClosed)) == 0)
        {
            connection.State |= Failed;
            connection.Slot = new FailedSlot(reason, connection.Slot);
            if (_chasedPush == connection)
            {
                _chasedPush = null;
                Enqueue(connection);
            }
            else if ((state & (Pulling | Pushing)) == 0)
            {
                Enqueue(connection);
            }
        }

        if ((state & OutClosed) == 0)
            connection.OutOwner.OpenPorts--;
    }

    /// <summary>The downstream cancels: an element on its way is thrown away. Of two causes the last one given is told.</summary>
    public void Cancel(Connection connection, Exception cause)
    {
        var state = connection.State;
        connection.State = state | InClosed;
        if ((state & OutClosed) == 0)
        {
            connection.State |= Cancelled;
            connection.Slot = cause;
            if (_chasedPull == connection)
            {
                _chasedPull = null;
                Enqueue(connection);
            }
            else if ((state & (Pulling | Pushing | InClosed)) == 0)
            {
                Enqueue(connection);
            }
        }

        if ((state & InClosed) == 0)
            connection.InOwner.OpenPorts--;
    }

    private void Enqueue(Connection connection) => _queue[_tail++ & (_queue.Length - 1)] = connection;

    private void ProcessEvent(Connection connection)
    {
        // What closes nothing and calls nobody must not end a stage a second time.
        ActiveStage = null;
        var state = connection.State;
        if ((state & (Pushing | InClosed | OutClosed)) == Pushing)
            ProcessPush(connection);
        else if ((state & (Pulling | InClosed | OutClosed)) == Pulling)
            ProcessPull(connection);
        else if ((state & (InClosed | OutClosed)) == InClosed)
            ProcessCancel(connection);
        else if ((state & (InClosed | OutClosed)) == OutClosed)
            ProcessEnd(connection);
    }

    private void ProcessCancel(Connection connection)
    {
        ActiveStage = connection.OutOwner;
        connection.State |= OutClosed;
        connection.OutOwner.OpenPorts--;
        var cause = (Exception)connection.Slot;
        connection.Slot = null;
        connection.OutHandler.OnDownstreamFinish(cause);
    }

    private void ProcessEnd(Connection connection)
    {
        if ((connection.State & Pushing) != 0)
        {
            // First the element, then this event once more.
            try
            {
                ProcessPush(connection);
            }
            finally
            {
                Enqueue(connection);
            }

            return;
        }

        ActiveStage = connection.InOwner;
        connection.State |= InClosed;
        connection.InOwner.OpenPorts--;
        if ((connection.State & Failed) == 0)
            connection.InHandler.OnUpstreamFinish();
        else
            connection.InHandler.OnUpstreamFailure(((FailedSlot)connection.Slot).Reason);
    }
}
