using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>A callback without argument: it is at once the target of the action that is handed out and the message that each call sends.</summary>
internal sealed class StageCallback : AsyncInput
{
    private readonly Action _handler;

    public StageCallback(GraphStageLogic logic, Action handler)
        : base(logic) => _handler = handler;

    public void Invoke() => Logic.Interpreter.OnAsyncInput(this);

    public override void Run() => _handler();
}

/// <summary>A callback with an argument: each call sends a message that carries it, unboxed.</summary>
internal sealed class StageCallback<T>
{
    private readonly GraphStageLogic _logic;
    private readonly Action<T> _handler;

    public StageCallback(GraphStageLogic logic, Action<T> handler)
    {
        _logic = logic;
        _handler = handler;
    }

    public void Invoke(T argument) => _logic.Interpreter.OnAsyncInput(new Call(_logic, _handler, argument));

    private sealed class Call : AsyncInput
    {
        private readonly Action<T> _handler;
        private readonly T _argument;

        public Call(GraphStageLogic logic, Action<T> handler, T argument)
            : base(logic)
        {
            _handler = handler;
            _argument = argument;
        }

        public override void Run() => _handler(_argument);
    }
}
