using Akka.Event;
using Akka.Streams.Stage;
using Akka.Streams.Supervision;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// Starts a task for each element, up to n at a time, and emits their results in the order of the elements. A failed task is treated as the
/// supervision strategy says as soon as it fails: stop fails the stage at once, otherwise its element is left out.
/// </summary>
internal sealed class SelectAsync<TIn, TOut> : LinearStage<TIn, TOut>
{
    private readonly int _parallelism;
    private readonly Func<TIn, Task<TOut>> _function;

    public SelectAsync(int parallelism, Func<TIn, Task<TOut>> function)
        : base("selectAsync")
    {
        _parallelism = parallelism;
        _function = function;
    }

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, inheritedAttributes.Decider());

    private sealed class Logic : LinearLogic
    {
        private readonly SelectAsync<TIn, TOut> _stage;
        private readonly Decider _decider;
        private readonly Queue<Task<TOut>> _running = new();
        private readonly Action<Task<TOut>> _completed;

        public Logic(SelectAsync<TIn, TOut> stage, Decider decider)
            : base(stage)
        {
            _stage = stage;
            _decider = decider;
            _completed = GetAsyncCallback<Task<TOut>>(OnCompleted);
        }

        public override void PreStart()
        {
            if (_stage._parallelism < 1)
                throw new ArgumentException("buffer size must be positive");
        }

        public override void OnPush()
        {
            try
            {
                var task = _stage._function(Grab(In));
                _running.Enqueue(task);
                if (task.IsCompleted)
                    OnCompleted(task);
                else
                    task.ContinueWith(_completed, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception e)
            {
                if (Supervise(e))
                    return;
            }

            PullMore();
        }

        public override void OnUpstreamFinish()
        {
            if (_running.Count == 0)
                CompleteStage();
        }

        public override void OnPull() => PushNext();

        private void OnCompleted(Task<TOut> task)
        {
            if (!task.IsCompletedSuccessfully && Supervise(Cause(task)))
                return;
            if (IsAvailable(Out))
                PushNext();
        }

        private void PushNext()
        {
            while (_running.TryPeek(out var task) && task.IsCompleted)
            {
                _running.Dequeue();
                if (!task.IsCompletedSuccessfully)
                {
                    if (Supervise(Cause(task)))
                        return;
                    continue;
                }

                Push(Out, task.Result);
                break;
            }

            if (_running.Count == 0 && IsClosed(In))
                CompleteStage();
            else
                PullMore();
        }

        private void PullMore()
        {
            if (_running.Count < _stage._parallelism && !HasBeenPulled(In))
                TryPull(In);
        }

        /// <summary>True if the stage has failed with it.</summary>
        private bool Supervise(Exception e)
        {
            var directive = _decider(e);
            Log.Error(e, "An exception occurred inside SelectAsync. Supervision strategy: {0}", directive);
            if (directive != Directive.Stop)
                return false;
            FailStage(e);
            return true;
        }

        /// <summary>The exception of a failed task comes in its <see cref="AggregateException"/>, to the decider as well.</summary>
        private static Exception Cause(Task task) => task.Exception ?? (Exception)new TaskCanceledException(task);
    }
}
