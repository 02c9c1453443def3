using Akka.Actor;
using Akka.Event;
using Akka.Streams.Stage;
using static Akka.Streams.Implementation.Fusing.PortState;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// Runs the stages of one island: takes events from a queue and calls the handler that each concerns, on one thread at a time. What
/// comes from outside is handed to its actor, which calls <see cref="RunAsyncInput"/> later; the interpreter is also what makes that actor.
/// <para>
/// A connection is queued at most once, so the queue never grows. An event that a handler causes is most often the next one to run: it is
/// chased, that is kept in a field and run directly afterwards, up to <see cref="ChaseLimit"/> times in a row so that other events get their
/// turn. Events of a port that closes while chased go back to the queue, since only the queue decodes them.
/// </para>
/// </summary>
internal sealed partial class GraphInterpreter : IIndirectActorProducer
{
    private const int ChaseLimit = 16;

    /// <summary>Set in <see cref="GraphStageLogic.OpenPorts"/> of a stage that keeps going; above any count of ports.</summary>
    private const int KeepGoing = 1 << 26;

    [ThreadStatic]
    private static GraphInterpreter _current;

    private readonly GraphStageLogic[] _logics;
    private readonly Connection[] _queue;
    private int _head;
    private int _tail;
    private int _running;
    private int _chases;
    private Connection _chasedPush;
    private Connection _chasedPull;

    public GraphInterpreter(GraphStageLogic[] logics, BoundaryLogic[] boundaries, int connections, ActorMaterializer materializer)
    {
        _logics = logics;
        Boundaries = boundaries;
        Materializer = materializer;
        _running = logics.Length;
        _queue = new Connection[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(connections, 1))];
    }

    /// <summary>The interpreter that runs on this thread right now.</summary>
    public static GraphInterpreter Current =>
        _current ?? throw new InvalidOperationException("Default handlers can only be called while the stream runs");

    public ActorMaterializer Materializer { get; }

    /// <summary>The ends of the wires to other islands, or null.</summary>
    public BoundaryLogic[] Boundaries { get; }

    /// <summary>Set before the interpreter is started.</summary>
    public ActorGraphInterpreter Host { get; set; }

    /// <summary>The stage whose handler runs right now.</summary>
    public GraphStageLogic ActiveStage { get; private set; }

    Type IIndirectActorProducer.ActorType => typeof(ActorGraphInterpreter);

    public bool HasEvents => _head != _tail;

    public bool IsCompleted => _running == 0 && !HasEvents;

    /// <summary>Starts all stages, upstream first. What they push and pull is only queued.</summary>
    public void Init()
    {
        foreach (var logic in _logics)
        {
            logic.Interpreter = this;
            try
            {
                logic.BeforePreStart();
                logic.PreStart();
            }
            catch (Exception e)
            {
                Host.Log.Error(e, "Error during PreStart in [{0}]", logic.Blueprint);
                logic.FailStage(e);
            }

            AfterStageHasRun(logic);
        }
    }

    /// <summary>Stops the stages that have not ended by themselves.</summary>
    public void Finish()
    {
        foreach (var logic in _logics)
        {
            if (logic.OpenPorts != 0)
            {
                logic.OpenPorts = 0;
                Finalize(logic);
            }
        }
    }

    /// <summary>Runs up to <paramref name="limit"/> queued events and what they cause; returns how much of the limit is left.</summary>
    public int Execute(int limit)
    {
        var previous = _current;
        _current = this;
        var left = limit;
        try
        {
            while (left > 0 && _head != _tail)
            {
                var slot = _head++ & (_queue.Length - 1);
                var connection = _queue[slot];
                _queue[slot] = null;
                left--;
                _chases = Math.Min(ChaseLimit, left);
                RunEvent(connection);
                while (_chasedPush is not null)
                    RunChasedPush();
                while (_chasedPull is not null)
                    RunChasedPull();
                if (_chasedPush is not null)
                {
                    Enqueue(_chasedPush);
                    _chasedPush = null;
                }
            }

            // Events that come from outside of this loop must be queued.
            _chases = 0;
        }
        finally
        {
            _current = previous;
        }

        return left;
    }

    /// <summary>Hands an async callback to the actor: directly if it is called from inside this interpreter, else through the mailbox.</summary>
    public void OnAsyncInput(AsyncInput input) => Host.OnAsyncInput(input, fromInside: _current == this);

    public void RunAsyncInput(AsyncInput input)
    {
        var logic = input.Logic;
        if (logic.OpenPorts == 0)
            return;
        var previous = _current;
        _current = this;
        try
        {
            ActiveStage = logic;
            try
            {
                input.Run();
            }
            catch (Exception e)
            {
                logic.FailStage(e);
            }

            AfterStageHasRun(logic);
        }
        finally
        {
            _current = previous;
        }
    }

    public void SetKeepGoing(GraphStageLogic logic, bool enabled)
    {
        if (enabled)
            logic.OpenPorts |= KeepGoing;
        else
            logic.OpenPorts &= KeepGoing - 1;
    }

    /// <summary>Makes a logic at the edge of the island part of it: it is never counted, started or stopped.</summary>
    public void Attach(GraphStageLogic boundary)
    {
        boundary.Interpreter = this;
        boundary.OpenPorts |= KeepGoing;
    }

    ActorBase IIndirectActorProducer.Produce() => new ActorGraphInterpreter(this);

    void IIndirectActorProducer.Release(ActorBase actor)
    {
    }

    private void RunEvent(Connection connection)
    {
        try
        {
            ProcessEvent(connection);
        }
        catch (Exception e)
        {
            ReportStageError(e);
        }

        AfterStageHasRun(ActiveStage);
    }

    private void RunChasedPush()
    {
        var connection = _chasedPush;
        _chasedPush = null;
        try
        {
            ProcessPush(connection);
        }
        catch (Exception e)
        {
            ReportStageError(e);
        }

        AfterStageHasRun(ActiveStage);
    }

    private void RunChasedPull()
    {
        var connection = _chasedPull;
        _chasedPull = null;
        try
        {
            ProcessPull(connection);
        }
        catch (Exception e)
        {
            ReportStageError(e);
        }

        AfterStageHasRun(ActiveStage);
    }

    private void ProcessPush(Connection connection)
    {
        ActiveStage = connection.InOwner;
        connection.State ^= EndPush;
        connection.InHandler.OnPush();
    }

    private void ProcessPull(Connection connection)
    {
        ActiveStage = connection.OutOwner;
        connection.State ^= EndPull;
        connection.OutHandler.OnPull();
    }

    private void AfterStageHasRun(GraphStageLogic logic)
    {
        if (logic is not null && logic.OpenPorts == 0)
        {
            _running--;
            Finalize(logic);
        }
    }

    private void Finalize(GraphStageLogic logic)
    {
        try
        {
            logic.PostStop();
            logic.AfterPostStop();
        }
        catch (Exception e)
        {
            Host.Log.Error(e, "Error during PostStop in [{0}]", logic.Blueprint);
        }
    }

    private void ReportStageError(Exception e)
    {
        if (ActiveStage is null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
        Host.Log.Error(e, "Error in stage [{0}]: {1}", ActiveStage.Blueprint, e.Message);
        ActiveStage.FailStage(e);

        _chases = 0;
        if (_chasedPush is not null)
            Enqueue(_chasedPush);
        if (_chasedPull is not null)
            Enqueue(_chasedPull);
        _chasedPush = null;
        _chasedPull = null;
    }
}
