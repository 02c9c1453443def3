using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>Emits the result of a task, or fails with it.</summary>
internal sealed class TaskSource<T> : GraphStage<SourceShape<T>>
{
    private readonly Task<T> _task;
    private readonly Outlet<T> _out = new("TaskSource.out");

    public TaskSource(Task<T> task)
    {
        _task = task ?? throw new ArgumentNullException(nameof(task));
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    public override string ToString() => "TaskSource";

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly TaskSource<T> _stage;

        public Logic(TaskSource<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            SetHandler(_stage._out, EagerTerminateOutput);
            _stage._task.ContinueWith(
                GetAsyncCallback<Task<T>>(OnCompleted),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        private void OnCompleted(Task<T> task)
        {
            if (task.IsCompletedSuccessfully)
                Emit(_stage._out, task.Result, CompleteStage);
            else
                FailStage(task.Exception is null ? new TaskCanceledException("Task was cancelled.") : Flatten(task.Exception));
        }

        private static Exception Flatten(AggregateException e) => e.InnerExceptions.Count == 1 ? e.InnerExceptions[0] : e;
    }
}
