using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>
/// Evaluates the arguments of a constructor call in an expression. Constants, captured variables and members of them, which are
/// nearly all of them, are read by reflection; compiling an expression costs thousands of times as much.
/// </summary>
internal static class ArgumentValues
{
    /// <exception cref="ArgumentException">The evaluation of an argument threw.</exception>
    public static object[] Of(NewExpression call)
    {
        var values = new object[call.Arguments.Count];
        try
        {
            for (var i = 0; i < values.Length; i++) values[i] = Evaluate(call.Arguments[i]);
        }
        catch (Exception e)
        {
            throw new ArgumentException("Couldn't derive value from Expression! Please use variables whenever possible", new TargetInvocationException(e));
        }

        return values;
    }

    private static object Evaluate(Expression expression) => TryRead(expression, out var value)
        ? value
        : Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile()();

    private static bool TryRead(Expression expression, out object value)
    {
        value = null;
        switch (expression)
        {
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case MemberExpression { Member: FieldInfo field } member when TryReadOwner(member.Expression, out var owner):
                value = field.GetValue(owner);
                return true;
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
                when !convert.Type.IsValueType && !convert.Operand.Type.IsValueType && TryRead(convert.Operand, out value):
                return value is null || convert.Type.IsInstanceOfType(value);
            default:
                return false;
        }
    }

    private static bool TryReadOwner(Expression expression, out object owner)
    {
        owner = null;
        return expression is null || (TryRead(expression, out owner) && owner is not null);
    }
}
